// The gateway as a library: what `kvass/server` exports.
export type { KvassError, Status } from '../proto/status.ts'
export { ConfigError, UnsafeConfigError } from './config.ts'
export { type Addresses, createGateway, type Gateway, type GatewayOptions } from './gateway.ts'
export type { Config } from './options.ts'
export { kvassPlugin, type PluginOptions } from './plugin.ts'
export type { Hooks } from './service/hooks.ts'
export type { Log } from './service/service.ts'
export type { Engine } from './store/engine.ts'

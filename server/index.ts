// The gateway as a library: what `kvass/server` exports.
//
// Layout. Each folder imports only those to its left, and test/architecture.test.ts holds that:
//
//   ../proto <- store <- data <- commands <- service <- connection <- transport <- http <- gateway.ts <- cli, main.ts
//
//   store/       engine.ts is the contract of a store; bytes/ memory/ log/ lmdb/ disk/ are what implements it
//   data/        what clients keep, on any store: entries and their lifetimes, leases, mutations, changes, topics
//   commands/    one record per command: its name, the right it needs, its function; registry.ts has them all
//   service/     takes a request to its command: hooks, errors, counts
//   connection/  bytes to frames to commands to replies to bytes: the turn, the outbox and its bounds, the heartbeat
//   transport/   a socket as a duplex of bytes: WebSocket, TCP and TLS, a pair in memory
//   http/        the routes: health, metrics, files, the upgrade to WebSocket
//   testing/     what `kvass/testing` exports: the contract suite of engines, a gateway in memory
//   core.ts      store, service and connections together, without a port; gateway.ts and plugin.ts put it behind ports
//   options.ts   every option with its default; config.ts reads and checks them
//   cli/         the commands of `kvass`; main.ts is the entry, and the one file that touches `process`
export type { KvassError, Status } from '../proto/status.ts'
export { ConfigError, UnsafeConfigError } from './config.ts'
export { type Addresses, createGateway, type Gateway, type GatewayOptions } from './gateway.ts'
export type { Config } from './options.ts'
export { kvassPlugin, type PluginOptions } from './plugin.ts'
export type { Hooks } from './service/hooks.ts'
export type { Log } from './service/service.ts'
// For whoever writes an engine.
export { hashOf } from './store/bytes/hash.ts'
export type * from './store/engine.ts'
export { admitKey, afterPrefix, anyTable, changeBytes, longestKeyBytes, tellApplied } from './store/engine.ts'

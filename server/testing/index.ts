// For tests of what is built on Kvass: the contract suite of engines, and a gateway in memory. What `kvass/testing`
// exports.
export { type EngineContractOptions, engineContract } from './contract.ts'
export { type TestGateway, type TestGatewayOptions, testGateway } from './gateway.ts'
export type { Place } from './place.ts'

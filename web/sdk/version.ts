// The version that the SDK tells the gateway: package.json's, which a page cannot read.
export const version = '0.1.0'

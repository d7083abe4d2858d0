// Generated from kv.proto by .ci/generate.js: the fields of each message, for codecs that walk tables.
// A type is a letter (s string, b bytes, u uint32, U uint64, i int64, d double, t bool) or a message's name.
export type Field = readonly [number: number, name: string, type: string, repeated?: 1]
// biome-ignore format: one line a message
export const tables: Readonly<Record<string, readonly Field[]>> = {
  CommandRequest: [[1, 'hget', 'Hget'], [2, 'hgetall', 'Hgetall'], [3, 'hmget', 'Hmget'], [4, 'hset', 'Hset'], [5, 'hmset', 'Hmset'], [6, 'hdel', 'Hdel'], [7, 'hmdel', 'Hmdel'], [8, 'hexist', 'Hexist'], [9, 'hmexist', 'Hmexist'], [10, 'subscribe', 'Subscribe'], [11, 'unsubscribe', 'Unsubscribe'], [12, 'publish', 'Publish'], [16, 'hello', 'Hello'], [17, 'ping', 'Ping'], [18, 'range', 'Range'], [19, 'count', 'Count'], [20, 'tables', 'Tables'], [21, 'drop', 'Drop'], [22, 'flush', 'Flush'], [23, 'cancel', 'Cancel'], [15, 'id', 'u']],
  CommandResponse: [[1, 'status', 'u'], [2, 'message', 's'], [3, 'values', 'Value', 1], [4, 'pairs', 'Kvpair', 1], [5, 'revisions', 'U', 1], [6, 'count', 'U'], [7, 'more', 't'], [8, 'cursor', 'b'], [9, 'missed', 'U'], [10, 'tables', 'TableInfo', 1], [11, 'welcome', 'Welcome'], [12, 'retryAfterMs', 'u'], [13, 'durability', 'u'], [14, 'revision', 'U'], [15, 'id', 'u']],
  Value: [[1, 'string', 's'], [2, 'binary', 'b'], [3, 'integer', 'i'], [4, 'float', 'd'], [5, 'bool', 't'], [6, 'json', 's']],
  Kvpair: [[1, 'key', 's'], [2, 'value', 'Value'], [3, 'revision', 'U']],
  Hget: [[1, 'table', 's'], [2, 'key', 's']],
  Hgetall: [[1, 'table', 's']],
  Hmget: [[1, 'table', 's'], [2, 'keys', 's', 1]],
  Hset: [[1, 'table', 's'], [2, 'pair', 'Kvpair']],
  Hmset: [[1, 'table', 's'], [2, 'pairs', 'Kvpair', 1]],
  Hdel: [[1, 'table', 's'], [2, 'key', 's']],
  Hmdel: [[1, 'table', 's'], [2, 'keys', 's', 1]],
  Hexist: [[1, 'table', 's'], [2, 'key', 's']],
  Hmexist: [[1, 'table', 's'], [2, 'keys', 's', 1]],
  Subscribe: [[1, 'topic', 's']],
  Unsubscribe: [[1, 'topic', 's'], [2, 'id', 'u']],
  Publish: [[1, 'topic', 's'], [2, 'data', 'Value', 1]],
  Hello: [[1, 'version', 'u'], [2, 'token', 's'], [3, 'client', 's']],
  Welcome: [[1, 'version', 'u'], [2, 'server', 's'], [3, 'session', 's'], [4, 'epoch', 's'], [5, 'durability', 'u'], [6, 'limits', 'Limits']],
  Limits: [[1, 'maxFrameBytes', 'u'], [2, 'maxKeyBytes', 'u'], [3, 'maxValueBytes', 'u'], [4, 'maxElements', 'u'], [5, 'maxRequests', 'u']],
  Ping: [],
  Range: [[1, 'table', 's'], [2, 'prefix', 's'], [3, 'start', 's'], [4, 'end', 's'], [5, 'limit', 'u'], [6, 'reverse', 't'], [7, 'cursor', 'b'], [8, 'keysOnly', 't']],
  Count: [[1, 'table', 's'], [2, 'prefix', 's'], [3, 'start', 's'], [4, 'end', 's']],
  Tables: [[1, 'prefix', 's']],
  TableInfo: [[1, 'name', 's'], [2, 'count', 'U'], [3, 'revision', 'U']],
  Drop: [[1, 'table', 's']],
  Flush: [],
  Cancel: [[1, 'request', 'u']],
}

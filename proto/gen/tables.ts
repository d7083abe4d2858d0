// Generated from kv.proto by .ci/generate.js: the fields of each message, for codecs that walk tables.
import { fieldTables } from '../fields.ts'

export const tables = /* @__PURE__ */ fieldTables(` hget| hgetall| hmget| hset| hmset| hdel| hmdel| hexist| hmexist| subscribe| unsubscribe| publish| ageMs:u mutation:U id:u hello| ping| range| count| tables| drop| flush| cancel| watch| increment| transaction|
 status:u message values+Value pairs+Kvpair revisions+U count:U more:t cursor:b missed:U tables+TableInfo welcome: retryAfterMs:u durability:u revision:U id:u failed+u changes+Change phase:u
 table key
 table
 table keys+s
 table pair:Kvpair ifAbsent:t ifRevision:U ttlMs:U lease:t keep:t
 table pairs+Kvpair ttlMs:U
 table key ifRevision:U
 table keys+s
 table key
 table keys+s
 topic
 topic id:u
 topic data+Value
 version:u token client clientId

 table prefix start end limit:u reverse:t cursor:b keysOnly:t
 table prefix start end
 prefix
 table

 request:u
 table key prefix since:U epoch keysOnly:t
 table key by:Value ttlMs:U keepType:t
 checks+Check writes+TransactionWrite
 string|s binary|b integer|i float|d bool|t json|s 14ttlMs:U leased:t
 key value: revision:U
 name count:U revision:U
 version:u server session epoch durability:u limits: leaseGraceMs:u mutationWindowMs:u mutationWindow:u
 key value: revision:U deleted:t
 table key revision:U
 table key value: delete:t increment:Value ttlMs:U lease:t keepType:t
 maxFrameBytes:u maxKeyBytes:u maxValueBytes:u maxElements:u maxRequests:u`)

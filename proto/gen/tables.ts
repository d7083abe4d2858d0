// Generated from kv.proto by .ci/generate.js: the fields of each message, for codecs that walk tables.
import { fieldTables } from '../fields.ts'

export const tables = /* @__PURE__ */ fieldTables(`CommandRequest hget| hgetall| hmget| hset| hmset| hdel| hmdel| hexist| hmexist| subscribe| unsubscribe| publish| ageMs:u mutation:U id:u hello| ping| range| count| tables| drop| flush| cancel| watch| increment| transaction|
CommandResponse status:u message:s values+Value pairs+Kvpair revisions+U count:U more:t cursor:b missed:U tables+TableInfo welcome: retryAfterMs:u durability:u revision:U id:u failed+u changes+Change phase:u
Change key:s value: revision:U deleted:t
Value string|s binary|b integer|i float|d bool|t json|s 14ttlMs:U leased:t
Kvpair key:s value: revision:U
Hget table:s key:s
Hgetall table:s
Hmget table:s keys+s
Hset table:s pair:Kvpair ifAbsent:t ifRevision:U ttlMs:U lease:t keep:t
Hmset table:s pairs+Kvpair ttlMs:U
Hdel table:s key:s ifRevision:U
Hmdel table:s keys+s
Hexist table:s key:s
Hmexist table:s keys+s
Subscribe topic:s
Unsubscribe topic:s id:u
Publish topic:s data+Value
Hello version:u token:s client:s clientId:s
Welcome version:u server:s session:s epoch:s durability:u limits: leaseGraceMs:u mutationWindowMs:u mutationWindow:u
Limits maxFrameBytes:u maxKeyBytes:u maxValueBytes:u maxElements:u maxRequests:u
Ping
Range table:s prefix:s start:s end:s limit:u reverse:t cursor:b keysOnly:t
Count table:s prefix:s start:s end:s
Tables prefix:s
TableInfo name:s count:U revision:U
Drop table:s
Flush
Cancel request:u
Watch table:s key:s prefix:s since:U epoch:s keysOnly:t
Increment table:s key:s by:Value ttlMs:U
Transaction checks+Check writes+TransactionWrite
Check table:s key:s revision:U
TransactionWrite table:s key:s value: delete:t increment:Value ttlMs:U lease:t`)

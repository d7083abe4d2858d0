// Makes protobufjs decode 64-bit fields as numbers. It must run before the generated code does, which keeps what it
// finds here as the default of each such field. The server's own 64-bit fields (revisions, counts, ids) stay below
// 2^53; integers of clients are inside Value bytes, which the server does not decode, and so are exact.
import protobuf from 'protobufjs/minimal.js'

protobuf.util.Long = null as never
protobuf.configure()

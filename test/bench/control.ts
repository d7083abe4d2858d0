// The control: bare `ws` that replies to each message with as many bytes as a gateway would, and does nothing else.
// What the gateway takes longer is what frames, protobuf, commands and the store cost.
// Run with the bytes of one request and one reply; prints its port.
import { WebSocketServer } from 'ws'

const [requestBytes, replyBytes] = process.argv.slice(2).map(Number) as [number, number]
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false, clientTracking: false })
server.on('connection', (socket) => {
  socket.on('message', (message: Buffer) => {
    const requests = message.length / requestBytes
    const reply = Buffer.allocUnsafe(requests * replyBytes)
    reply.fill(0x2e)
    socket.send(reply)
  })
})
server.on('listening', () => console.log((server.address() as { port: number }).port))

// The control of the fan-out: bare `ws` that sends as many bytes as a gateway would to every connection that has asked
// to watch, for each message of a writer. Run with the bytes of one delivery; prints its port.
import { Buffer } from 'node:buffer'
import { type WebSocket, WebSocketServer } from 'ws'

const delivery = Buffer.alloc(Number(process.argv[2]))
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false, clientTracking: false })
const watchers = new Set<WebSocket>()
server.on('connection', (socket) => {
  socket.on('message', (message: Buffer) => {
    if (message.length === 1) {
      watchers.add(socket)
      socket.send(delivery)
      return
    }
    // A writer's values end with the number and the moment of the write.
    const sent = Buffer.from(delivery)
    message.copy(sent, 0, message.length - 12)
    for (const watcher of watchers) watcher.send(sent)
  })
  socket.on('close', () => watchers.delete(socket))
})
server.on('listening', () => console.log((server.address() as { port: number }).port))

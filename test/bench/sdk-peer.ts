// What a browser's developer might write in place of a gateway, a process of its own: Socket.IO with a map behind it,
// or bare `ws` that sends back what it gets. Run with "socket.io" or "ws"; prints its port.
import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { WebSocketServer } from 'ws'

type Reply<Value> = (value: Value) => void

const http = createServer()
if (process.argv[2] === 'socket.io') {
  const values = new Map<string, string>()
  new Server(http, { transports: ['websocket'], serveClient: false }).on('connection', (socket) => {
    socket.on('get', (key: string, reply: Reply<string | undefined>) => reply(values.get(key)))
    socket.on('set', (key: string, value: string, reply: Reply<boolean>) => {
      values.set(key, value)
      reply(true)
    })
  })
} else {
  new WebSocketServer({ server: http, perMessageDeflate: false }).on('connection', (socket) => {
    socket.on('message', (message, isBinary) => socket.send(message, { binary: isBinary }))
  })
}
http.listen(0, '127.0.0.1', () => console.log((http.address() as { port: number }).port))

// The commands on the connection itself: hello, ping and cancel.
import { Buffer } from 'node:buffer'
import { KvassError, StreamError } from '../../proto/status.ts'
import { durabilityNumbers } from '../store/engine.ts'
import type { Reading, Session } from './command.ts'

/** The protocol version that this gateway speaks. */
const protocolVersion = 1
const maxClientNameCharacters = 128

export const hello: Reading<'hello'> = {
  name: 'hello',
  right: 'none',
  shows: 'nothing',
  run(message, session) {
    const version = message.version || protocolVersion
    if (version !== protocolVersion) throw new StreamError(4426, `a client that speaks version ${version}`)
    session.client = message.client?.slice(0, maxClientNameCharacters)
    if (message.clientId) attach(session, message.clientId)
    const { store, limits } = session.shared
    return {
      status: 200,
      welcome: {
        version: protocolVersion,
        server: `kvass/${session.shared.version}`,
        session: session.id,
        epoch: store.epoch,
        durability: durabilityNumbers[store.durability],
        limits,
        leaseGraceMs: limits.leaseGraceMs,
        mutationWindowMs: limits.mutationWindowMs,
        mutationWindow: limits.mutationWindow,
      },
    }
  },
}

function attach(session: Session, hex: string): void {
  if (!/^[0-9a-f]{32}$/.test(hex)) throw new KvassError(400, 'The client id takes 32 hex digits in lower case.')
  const id = Buffer.from(hex, 'hex').toString('latin1')
  if (session.clientId === id) return
  if (session.clientId !== '') throw new KvassError(400, 'This connection has another client id already.')
  session.clientId = id
  session.shared.clients.attach(id)
}

export const ping: Reading<'ping'> = {
  name: 'ping',
  right: 'none',
  shows: 'nothing',
  run: () => ({ status: 200 }),
}

export const cancel: Reading<'cancel'> = {
  name: 'cancel',
  right: 'none',
  shows: 'nothing',
  run(message, session) {
    const running = session.running.get(message.request ?? 0)
    if (running === undefined) {
      throw new KvassError(404, `This connection has nothing under way for a request ${message.request ?? 0}.`)
    }
    running.cancel()
    return { status: 200 }
  },
}

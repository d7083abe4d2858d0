// The commands on topics, and ping: what is sent and received without being stored.
import type { Command } from 'commander'
import type { ValueMessage } from '../../proto/value.ts'
import { positiveNumber, typeOption, wholeNumber } from './arguments.ts'
import { readAll, valueOfInput } from './input.ts'
import type { Io } from './io.ts'
import { Output, printing } from './output.ts'
import { clientCommand, type GatewayFlags, type Session, withInterruptibleSession, withSession } from './session.ts'
import { type ArgumentType, fromArgument, toJson, toText } from './values.ts'

export function registerTopicCommands(program: Command, io: Io): void {
  registerPub(program, io)
  registerSub(program, io)
  registerPing(program, io)
}

const pubHelp = `
Each message is published by itself, in order; of - all of standard input is one message. Types as of set. Prints
how many subscribers the last message reached.

Example:
  $ kvass pub chat 'hello' '{"from":"cli"}'`

function registerPub(program: Command, io: Io): void {
  clientCommand(program, 'pub', 'Publish messages on a topic.', pubHelp)
    .argument('<topic>')
    .argument('<message...>', 'the messages, or - for standard input')
    .addOption(typeOption())
    .action(async (topic: string, texts: string[], flags: GatewayFlags & { type: ArgumentType }) => {
      const input = texts.includes('-') ? await readAll(io) : Buffer.alloc(0)
      const messages = texts.map((text) =>
        text === '-' ? valueOfInput(input, flags.type) : fromArgument(text, flags.type),
      )
      let reached = 0
      await withSession(io, flags, async (session) => {
        for (const message of messages) {
          const { count = 0 } = await session.call({ publish: { topic, data: [message] } }, 'once')
          reached = count
        }
      })
      const line = `reached ${reached} ${reached === 1 ? 'subscriber' : 'subscribers'}`
      await printing(io.stdout, async (out) => out.line(line))
    })
}

const subHelp = `
Prints each value on a line of its own until it is interrupted, and says on standard error when it is subscribed and
how many messages it missed. With --json values are in the form of export: always one line, types apart.

Example:
  $ kvass sub chat --count 10`

function registerSub(program: Command, io: Io): void {
  clientCommand(program, 'sub', 'Print the messages of a topic.', subHelp)
    .argument('<topic>')
    .option('--count <messages>', 'end after so many messages', positiveNumber)
    .option('--json', 'print values in their JSON form')
    .action(async (topic: string, flags: GatewayFlags & { count?: number; json?: boolean }) => {
      await withInterruptibleSession(io, flags, (session, interrupted) =>
        subscribe(session, topic, flags, interrupted, io),
      )
    })
}

/** Characters of messages that may wait for whoever reads standard output; what comes beyond is missed. */
const mostWaiting = 4_194_304

async function subscribe(
  session: Session,
  topic: string,
  { count = Number.POSITIVE_INFINITY, json = false }: { count?: number; json?: boolean },
  interrupted: AbortSignal,
  io: Io,
): Promise<void> {
  const print = json ? toJson : toText
  const out = new Output(io.stdout)
  const over = new AbortController()
  let [left, waiting, dropped] = [count, 0, 0]
  let printed = Promise.resolve()
  const miss = (missed: number) => io.stderr.write(`kvass: ${missed} messages were missed: this reader is too slow\n`)
  const onReady = () => io.stderr.write(`subscribed to ${topic}\n`)
  const onMessage = (values: readonly ValueMessage[], missed: number) => {
    if (missed > 0) miss(missed)
    if (missed > 0 || left === 0) return
    if (waiting > mostWaiting) {
      dropped++
      return
    }
    const text = values.map(print)
    const size = text.reduce((sum, line) => sum + line.length + 1, 0)
    waiting += size
    printed = printed.then(async () => {
      for (const line of text) await out.line(line)
      await out.flush()
      waiting -= size
      if (dropped > 0) miss(dropped)
      dropped = 0
    })
    // Where nobody reads any longer, the subscription ends; the error is met below.
    printed.catch(() => over.abort())
    if (--left === 0) over.abort()
  }
  await session.subscribe(topic, AbortSignal.any([interrupted, over.signal]), onReady, onMessage)
  await printed
}

const pingHelp = `
Measures round trips until it is interrupted, then prints their number, least, mean and greatest.

Example:
  $ kvass ping --count 3`

function registerPing(program: Command, io: Io): void {
  clientCommand(program, 'ping', 'Measure the round trip to the gateway.', pingHelp)
    .option('--count <round trips>', 'end after so many', positiveNumber)
    .option('--interval <ms>', 'milliseconds from one to the next', wholeNumber, 1_000)
    .action(async (flags: GatewayFlags & { count?: number; interval: number }) => {
      const count = flags.count ?? Number.POSITIVE_INFINITY
      await withInterruptibleSession(io, flags, (session) => ping(session, count, flags.interval, io))
    })
}

async function ping(session: Session, count: number, intervalMs: number, io: Io): Promise<void> {
  const times: number[] = []
  await printing(io.stdout, async (out) => {
    while (times.length < count && !session.interrupted) {
      const started = performance.now()
      await session.call({ ping: {} }, 'read')
      times.push(performance.now() - started)
      await out.line(`${session.welcome.server}: time=${times.at(-1)!.toFixed(3)} ms`)
      await out.flush()
      if (times.length < count) await session.wait(intervalMs)
    }
    const mean = times.reduce((sum, time) => sum + time, 0) / times.length
    const [least, greatest] = [Math.min(...times), Math.max(...times)].map((time) => time.toFixed(3))
    await out.line(`${times.length} round trips: min ${least} ms, mean ${mean.toFixed(3)} ms, max ${greatest} ms`)
  })
}

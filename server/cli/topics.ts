// The commands on topics, and ping: what is sent and received without being stored.
import type { Command } from 'commander'
import { positiveNumber, typeOption, wholeNumber } from './arguments.ts'
import type { Io } from './io.ts'
import { Output, printing } from './output.ts'
import {
  clientCommand,
  type GatewayFlags,
  readAll,
  type Session,
  withInterruptibleSession,
  withSession,
} from './session.ts'
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
      const messages = texts.map((text) => fromArgument(text === '-' ? input : text, flags.type))
      await withSession(io, flags, async (session) => {
        let reached = 0
        for (const message of messages) {
          const { count = 0 } = await session.call({ publish: { topic, data: [message] } }, 'once')
          reached = count
        }
        io.stdout.write(`reached ${reached} ${reached === 1 ? 'subscriber' : 'subscribers'}\n`)
      })
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
    .option('--count <number>', 'end after so many messages', positiveNumber)
    .option('--json', 'print values in their JSON form')
    .action(async (topic: string, flags: GatewayFlags & { count?: number; json?: boolean }) => {
      const print = flags.json ? toJson : toText
      const out = new Output(io.stdout)
      await withInterruptibleSession(io, flags, async (session, interrupted) => {
        const enough = new AbortController()
        let left = flags.count ?? Number.POSITIVE_INFINITY
        const onReady = () => io.stderr.write(`subscribed to ${topic}\n`)
        await session.subscribe(topic, AbortSignal.any([interrupted, enough.signal]), onReady, (values, missed) => {
          if (missed > 0) io.stderr.write(`kvass: ${missed} messages were missed: this reader is too slow\n`)
          if (missed > 0 || left === 0) return
          for (const value of values) void out.line(print(value))
          void out.flush()
          if (--left === 0) enough.abort()
        })
        await out.flush()
      })
    })
}

const pingHelp = `
Measures round trips until it is interrupted, then prints their number, least, mean and greatest.

Example:
  $ kvass ping --count 3`

function registerPing(program: Command, io: Io): void {
  clientCommand(program, 'ping', 'Measure the round trip to the gateway.', pingHelp)
    .option('--count <number>', 'end after so many', positiveNumber)
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

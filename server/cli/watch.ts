// `kvass watch`: prints what a table holds, and then each change, until it is interrupted.
import type { Command } from 'commander'
import { ConfigError } from '../config.ts'
import { argument, positiveNumber } from './arguments.ts'
import { type Change, currentPosition, type Filter, Follower, type Position } from './follow.ts'
import type { Io } from './io.ts'
import { hasColors, Output } from './output.ts'
import { clientCommand, type GatewayFlags, type Session, withInterruptibleSession } from './session.ts'
import { entryProperties, TextError, toJson } from './values.ts'

const help = `
First comes each entry that there is, then each change as it is written, until the command is interrupted. Nothing is
missed, also not over a lost connection or a restart of the gateway. A reader that is slow gets the latest state of
each key that changed meanwhile, and is told so.

Each line is a revision, a tab, set or delete, a tab, the key, and after set a tab and the value in the form of export
(see kvass export --help). On standard error it says when it is synced, when it starts again from a snapshot (what was
printed before is void: the table was dropped, say), and in the end how to go on from there with --since.

With --json each line is an object, and what is said on standard error is in its place among them:
  {"change":"reset"}                      forget what came before: all entries follow
  {"change":"set","key":…,"value":…,"type":…,"revision":…}
                                          and as of get --json ttl and leased; with --keys-only key and revision
  {"change":"delete","key":…,"revision":…}
  {"change":"lagged"}                     this reader was slow: the latest states follow
  {"change":"synced","revision":…,"epoch":…}
                                          you have the table as it was at this revision

Examples:
  $ kvass watch todos
  $ kvass watch cities NO/ --since now
  $ kvass watch jobs --key 17 --count 1 --since now
  $ kvass watch todos --json --since 4711@0f3c…`

interface WatchFlags extends GatewayFlags {
  readonly key?: string
  readonly since?: Since
  readonly keysOnly?: boolean
  readonly json?: boolean
  readonly count?: number
}

export function registerWatch(program: Command, io: Io): void {
  clientCommand(program, 'watch', 'Print the entries of a table, and each change.', help)
    .argument('<table>')
    .argument('[prefix]', 'only keys that begin with it')
    .option('--key <key>', 'this key only')
    .option('--since <position>', 'only what changed after a REVISION or REVISION@EPOCH, or from now on', parseSince)
    .option('--keys-only', 'leave the values out')
    .option('--json', 'print each change as a JSON object')
    .option('--count <changes>', 'end after so many changes', positiveNumber)
    .action(async (table: string, prefix: string | undefined, flags: WatchFlags) => {
      const { key, keysOnly } = flags
      if (key === '') throw new ConfigError('--key is empty: a key has 1 byte at the least')
      if (key !== undefined && prefix !== undefined) throw new ConfigError('watch takes a prefix or --key, not both')
      await withInterruptibleSession(io, flags, (session, interrupted) =>
        watch(session, { table, key, prefix, keysOnly }, flags, interrupted, io),
      )
    })
}

type Since = 'now' | { readonly revision: number; readonly epoch: string | undefined }

const parseSince = argument((text: string): Since => {
  if (text === 'now') return text
  const [, digits, epoch] = /^(\d+)(?:@(.+))?$/.exec(text) ?? []
  const revision = Number(digits)
  if (digits !== undefined && Number.isSafeInteger(revision)) return { revision, epoch }
  throw new TextError('a position is REVISION, REVISION@EPOCH or the word now')
})

async function watch(
  session: Session,
  filter: Filter,
  { since, count, json = false }: WatchFlags,
  interrupted: AbortSignal,
  io: Io,
): Promise<void> {
  const printer = new Printer(io, json, filter.keysOnly ?? false)
  const start = await positionOf(since, session, filter, interrupted)
  // The reader has all up to here.
  let position = start
  let left = count ?? Number.POSITIVE_INFINITY
  try {
    for await (const step of new Follower(session, filter, start, interrupted).steps()) {
      if (step.type === 'reset') {
        position = undefined
        printer.reset(step.isAgain)
      } else if (step.type === 'lagged') {
        printer.lagged()
      } else {
        const changes = step.type === 'changes' ? step.changes.slice(0, left) : []
        for (const change of changes) await printer.change(change)
        left -= changes.length
        if (step.type !== 'changes' || changes.length === step.changes.length) position = step.position ?? position
        if (step.type === 'synced') printer.synced(step.position)
      }
      await printer.flush()
      if (left === 0) break
    }
  } finally {
    await printer.flush()
  }
  if (position !== undefined) io.stderr.write(`to go on from here: --since ${position.revision}@${position.epoch}\n`)
}

/** Undefined: from a snapshot. */
async function positionOf(
  since: Since | undefined,
  session: Session,
  filter: Filter,
  interrupted: AbortSignal,
): Promise<Position | undefined> {
  if (since === 'now') return currentPosition(session, filter, interrupted)
  if (since === undefined || since.revision === 0) return undefined
  return { revision: since.revision, epoch: since.epoch ?? session.epoch }
}

/** Puts changes on standard output and what is to be said of them on standard error; both in one as JSON. */
class Printer {
  readonly #out: Output
  readonly #stderr: Io['stderr']
  readonly #isJson: boolean
  readonly #keysOnly: boolean

  constructor(io: Io, isJson: boolean, keysOnly: boolean) {
    this.#out = new Output(io.stdout, { isColored: hasColors(io) })
    this.#stderr = io.stderr
    this.#isJson = isJson
    this.#keysOnly = keysOnly
  }

  flush(): Promise<void> {
    return this.#out.flush()
  }

  change({ key, value, revision }: Change): Promise<void> | undefined {
    if (this.#isJson) return this.#out.line(this.#json(key, value, revision))
    const at = [String(revision), 'dim'] as const
    if (value === undefined) return this.#out.row([at, ['delete', 'red'], [key, 'bold']])
    const shown = this.#keysOnly ? [] : [[toJson(value)] as const]
    return this.#out.row([at, ['set', 'green'], [key, 'bold'], ...shown])
  }

  #json(key: string, value: Change['value'], revision: number): string {
    const name = JSON.stringify(key)
    if (value === undefined) return `{"change":"delete","key":${name},"revision":${revision}}`
    if (this.#keysOnly) return `{"change":"set","key":${name},"revision":${revision}}`
    return `{"change":"set",${entryProperties(key, value, revision)}}`
  }

  reset(isAgain: boolean): void {
    if (isAgain) this.#say('starting again from a snapshot: what was printed before is void')
    this.#mark({ change: 'reset' })
  }

  lagged(): void {
    this.#say('this reader is slow: of what changed meanwhile the latest state of each key follows')
    this.#mark({ change: 'lagged' })
  }

  synced({ revision, epoch }: Position): void {
    this.#stderr.write(`synced at revision ${revision}\n`)
    this.#mark({ change: 'synced', revision, epoch })
  }

  #say(sentence: string): void {
    this.#stderr.write(`kvass: ${sentence}\n`)
  }

  #mark(mark: object): void {
    if (this.#isJson) this.#out.note(JSON.stringify(mark))
  }
}

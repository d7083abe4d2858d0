// The script of `kvass txn`: lines of words become the checks and writes of a transaction, each with its line. Nothing
// is asked of a gateway here.
import type { ValueMessage } from '../../proto/value.ts'
import { parseDuration } from './durations.ts'
import { atLine, LineError } from './json.ts'
import { type ArgumentType, argumentTypes, fromArgument, numberFrom, TextError } from './values.ts'

/** A check or a write, as the wire has it, and where it stands. */
export interface Operation<Message> {
  readonly line: number
  /** The line without its comment. */
  readonly text: string
  readonly message: Message
}

export interface CheckMessage {
  readonly table: string
  readonly key: string
  /** 0: the key has no entry. */
  readonly revision: number
}

export interface WriteMessage {
  readonly table: string
  readonly key: string
  readonly value?: ValueMessage
  readonly delete?: boolean
  readonly increment?: ValueMessage
  readonly keepType?: true
  readonly ttlMs?: number | undefined
}

export interface Script {
  readonly checks: readonly Operation<CheckMessage>[]
  readonly writes: readonly Operation<WriteMessage>[]
}

export const scriptHelp = `One operation a line; all checks are made before the first write, and a key can be written once:
  check TABLE KEY REVISION               the entry still has this revision
  check TABLE KEY absent                 there is no entry
  set TABLE KEY VALUE [type=TYPE] [ttl=DURATION]
  delete TABLE KEY
  incr TABLE KEY [BY] [ttl=DURATION] [keep=type]
                                         add to a number; default 1; as --keep-type of kvass incr

Words stand apart by spaces or tabs. A word with spaces is quoted: '…' holds everything up to the next ' as it is, "…"
is a JSON string with its escapes. A VALUE may also be a JSON object or array, with spaces and without quotes around it.
Types are as of kvass set: 5 and '5' are integers, {"a":1} is JSON, and "5" is a string. A # that begins a line or a
word begins a comment; blank lines are nothing.`

/** Throws LineError for the first line that is wrong. */
export function parseScript(text: string): Script {
  const checks: Operation<CheckMessage>[] = []
  const writes: Operation<WriteMessage>[] = []
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/)
  for (const [index, source] of lines.entries()) {
    const line = index + 1
    const { words, end } = atLine(line, () => splitWords(source))
    if (words.length === 0) continue
    const at = { line, text: source.slice(0, end).trim() }
    const [{ text: name }, ...rest] = words as [Word, ...Word[]]
    if (name === 'check') checks.push({ ...at, message: atLine(line, () => check(rest)) })
    else writes.push({ ...at, message: atLine(line, () => write(name, rest)) })
  }
  refuseTwice(writes)
  return { checks, writes }
}

type Quote = 'none' | 'single' | 'double'

interface Word {
  /** Without its quotes. */
  readonly text: string
  readonly quote: Quote
}

/** The words of a line, and where what follows is space or a comment. */
function splitWords(line: string): { words: Word[]; end: number } {
  const words: Word[] = []
  for (let at = 0; ; ) {
    const end = at
    while (line[at] === ' ' || line[at] === '\t') at++
    if (at === line.length || line[at] === '#') return { words, end }
    const [word, next] = readWord(line, at)
    if (next < line.length && line[next] !== ' ' && line[next] !== '\t') {
      throw new TextError(`a space is needed before ${JSON.stringify(line.slice(next, next + 20))}`)
    }
    words.push(word)
    at = next
  }
}

function readWord(line: string, start: number): [word: Word, end: number] {
  switch (line[start]) {
    case "'": {
      const end = line.indexOf("'", start + 1)
      if (end < 0) throw new TextError("a ' without the one that closes it")
      return [{ text: line.slice(start + 1, end), quote: 'single' }, end + 1]
    }
    case '"': {
      const end = stringEnd(line, start)
      return [{ text: jsonString(line.slice(start, end)), quote: 'double' }, end]
    }
    case '{':
    case '[': {
      const end = documentEnd(line, start)
      return [{ text: line.slice(start, end), quote: 'none' }, end]
    }
    default: {
      const length = line.slice(start).search(/[ \t]/)
      const end = length < 0 ? line.length : start + length
      return [{ text: line.slice(start, end), quote: 'none' }, end]
    }
  }
}

/** One past the quote that closes the JSON string that begins at `start`. */
function stringEnd(line: string, start: number): number {
  for (let at = start + 1; at < line.length; at++) {
    if (line[at] === '\\') at++
    else if (line[at] === '"') return at + 1
  }
  throw new TextError('a " without the one that closes it')
}

function jsonString(text: string): string {
  try {
    return JSON.parse(text) as string
  } catch {
    throw new TextError(`${text} is not a JSON string: for a text as it is, use '…'`)
  }
}

/** One past the bracket that closes the JSON document that begins at `start`. */
function documentEnd(line: string, start: number): number {
  let depth = 0
  for (let at = start; at < line.length; at++) {
    const character = line[at]!
    if (character === '"') at = stringEnd(line, at) - 1
    else if (character === '{' || character === '[') depth++
    else if ((character === '}' || character === ']') && --depth === 0) return at + 1
  }
  throw new TextError(`a ${line[start]} without the bracket that closes it: a document stands on one line`)
}

function check(words: readonly Word[]): CheckMessage {
  const [table, key, revision, ...more] = words
  refuseMore(more)
  if (revision === undefined) throw new TextError('the form is: check TABLE KEY REVISION|absent')
  return { table: table!.text, key: key!.text, revision: revision.text === 'absent' ? 0 : parseRevision(revision.text) }
}

function parseRevision(text: string): number {
  if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text)
  throw new TextError(`a revision is a whole number, or the word absent, not ${JSON.stringify(text)}`)
}

function write(name: string, words: readonly Word[]): WriteMessage {
  switch (name) {
    case 'set':
      return set(words)
    case 'delete':
      return remove(words)
    case 'incr':
      return increment(words)
    default:
      throw new TextError(`${JSON.stringify(name)} is no operation: check, set, delete and incr are`)
  }
}

function set(words: readonly Word[]): WriteMessage {
  const [table, key, value, ...rest] = words
  if (value === undefined) throw new TextError('the form is: set TABLE KEY VALUE [type=TYPE] [ttl=DURATION]')
  const { type, ttlMs } = settings(rest, ['type', 'ttl'])
  return { table: table!.text, key: key!.text, value: valueOf(value, type), ttlMs }
}

/** A JSON string is a string, unless its type is named; anything else is what it would be as an argument of set. */
function valueOf({ text, quote }: Word, type: ArgumentType | undefined): ValueMessage {
  return fromArgument(text, type ?? (quote === 'double' ? 'string' : 'auto'))
}

function remove(words: readonly Word[]): WriteMessage {
  const [table, key, ...more] = words
  refuseMore(more)
  if (key === undefined) throw new TextError('the form is: delete TABLE KEY')
  return { table: table!.text, key: key.text, delete: true }
}

function increment(words: readonly Word[]): WriteMessage {
  const [table, key, ...rest] = words
  if (key === undefined) throw new TextError('the form is: incr TABLE KEY [BY] [ttl=DURATION] [keep=type]')
  const by = rest.length > 0 && !isSetting(rest[0]!) ? rest.shift()!.text : '1'
  const { ttlMs, keepType } = settings(rest, ['ttl', 'keep'])
  return { table: table!.text, key: key.text, increment: numberFrom(by), ttlMs, ...(keepType && { keepType }) }
}

const isSetting = ({ text, quote }: Word) => quote === 'none' && /^[a-z]+=/.test(text)

interface Settings {
  readonly type?: ArgumentType
  readonly ttlMs?: number
  readonly keepType?: true
}

/** What stands behind an operation as name=value. */
function settings(words: readonly Word[], allowed: readonly string[]): Settings {
  const found = new Map<string, string>()
  for (const word of words) {
    if (!isSetting(word)) refuseMore([word])
    const [name, value] = splitSetting(word.text)
    if (!allowed.includes(name)) {
      throw new TextError(`${name}= is not known here: ${allowed.map((known) => `${known}=`).join(' and ')} may stand`)
    }
    if (found.has(name)) throw new TextError(`${name}= stands twice`)
    found.set(name, value)
  }
  const [type, ttl, keep] = [found.get('type'), found.get('ttl'), found.get('keep')]
  if (keep !== undefined && keep !== 'type') throw new TextError(`keep= is type, not ${JSON.stringify(keep)}`)
  return {
    ...(type !== undefined && { type: parseType(type) }),
    ...(ttl !== undefined && { ttlMs: parseDuration(ttl) }),
    ...(keep !== undefined && { keepType: true }),
  }
}

function splitSetting(text: string): [name: string, value: string] {
  const at = text.indexOf('=')
  return [text.slice(0, at), text.slice(at + 1)]
}

function parseType(text: string): ArgumentType {
  const type = argumentTypes.find((known) => known === text)
  if (type === undefined)
    throw new TextError(`type= is one of ${argumentTypes.join(', ')}, not ${JSON.stringify(text)}`)
  return type
}

function refuseMore([word]: readonly Word[]): void {
  if (word === undefined) return
  throw new TextError(`${JSON.stringify(word.text)} is one word too many: a word with spaces is quoted`)
}

/** The gateway refuses it as well, but knows no lines. */
function refuseTwice(writes: readonly Operation<WriteMessage>[]): void {
  const lines = new Map<string, number>()
  for (const { line, message } of writes) {
    const place = JSON.stringify([message.table, message.key])
    const first = lines.get(place)
    if (first !== undefined) {
      throw new LineError(
        line,
        `line ${first} writes key ${JSON.stringify(message.key)} already: a key is written once`,
      )
    }
    lines.set(place, line)
  }
}

// Runs the `kvass` command within the test's own process: takes arguments, standard input and signals, and returns what
// it printed and its exit code.
import { PassThrough, Readable, type Writable } from 'node:stream'
import type { Io, Signal } from '../../server/cli/io.ts'
import { run } from '../../server/cli/program.ts'

export interface Finished {
  readonly code: number
  readonly out: string
  readonly outBytes: Buffer
  readonly err: string
}

export interface RunOptions {
  /** What standard input holds; default nothing. */
  readonly input?: string | Uint8Array | Readable
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Receives standard output; default: it is collected. */
  readonly stdout?: Writable
  /** Whether all three streams are a terminal; default false. */
  readonly isTerminal?: boolean
}

export interface Running {
  /** What it has printed so far. */
  readonly out: string
  readonly err: string
  /** Interrupts it, as Ctrl-C does. */
  interrupt(signal?: Signal): void
  readonly finished: Promise<Finished>
}

/** Starts `kvass ARGS`; only commands that end by themselves or at a signal. */
export function startCommand(args: readonly string[], options: RunOptions = {}): Running {
  const { input = '', env = {}, cwd = process.cwd(), isTerminal = false } = options
  const [out, err] = [collector(isTerminal), collector(isTerminal)]
  const listeners = new Set<(signal: Signal) => void>()
  let code = 0
  const io: Io = {
    argv: args,
    env,
    cwd,
    stdin: Object.assign(readable(input), { isTTY: isTerminal }),
    stdout: options.stdout ?? out.stream,
    stderr: err.stream,
    setExitCode: (value) => {
      code = value
    },
    onSignal: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onShutdown: () => {
      throw new Error('only a gateway asks for this')
    },
  }
  const finished = run(io).then(() => ({ code, out: out.text(), outBytes: out.bytes(), err: err.text() }))
  return {
    get out() {
      return out.text()
    },
    get err() {
      return err.text()
    },
    interrupt: (signal = 'SIGINT') => {
      for (const listener of listeners) listener(signal)
    },
    finished,
  }
}

/** Runs `kvass ARGS` to its end. */
export function kvass(args: readonly string[], options?: RunOptions): Promise<Finished> {
  return startCommand(args, options).finished
}

function readable(input: string | Uint8Array | Readable): Readable {
  return input instanceof Readable ? input : Readable.from([Buffer.from(input)])
}

function collector(isTTY: boolean) {
  const chunks: Buffer[] = []
  const stream = new PassThrough().on('data', (chunk: Buffer) => chunks.push(chunk))
  const bytes = () => Buffer.concat(chunks)
  return { stream: Object.assign(stream, { isTTY, columns: 100 }), bytes, text: () => bytes().toString() }
}

// What a command may use of the process it runs in, handed to it so that tests can stand in for the process.
import type { Readable, Writable } from 'node:stream'

/** What the process ends with. */
export const exitCodes = {
  ok: 0,
  /** The command failed, the gateway refused it, or what it asked for was not found. */
  failed: 1,
  /** An option or an argument is unknown or wrong. */
  usage: 2,
  /** The configuration would expose the gateway. */
  unsafe: 78,
} as const

export type Signal = 'SIGINT' | 'SIGTERM'

export interface Io {
  /** Arguments, without those that name the program. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** The folder that relative paths start from. */
  readonly cwd: string
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number }
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number }
  /** What the process ends with once nothing is left to do. */
  setExitCode(code: number): void
  /** Calls for the first signal of each kind until the returned function is called; a second one ends the process. */
  onSignal(listener: (signal: Signal) => void): () => void
  /**
   * Ends the process when it is told to: at the first signal, or at an error that nobody caught, `close` runs, and
   * the process exits with 0, or with 1 after an error or `timeoutMs`. A second signal ends it at once.
   */
  onShutdown(close: (reason: Shutdown) => Promise<void>, timeoutMs: number): void
}

/** Why the process ends. */
export interface Shutdown {
  readonly signal?: string | undefined
  readonly error?: Error | undefined
}

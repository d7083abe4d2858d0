#!/usr/bin/env node
// The entry of the `kvass` binary, and the only file that touches the process.
import { setFlagsFromString } from 'node:v8'
import closeWithGrace from 'close-with-grace'
import type { Io, Signal } from './cli/io.ts'
import { run } from './cli/program.ts'

// A request passes many small functions. With V8's own budget for inlining, 920, it calls some of them instead: with
// this one sets at depth 64 are a tenth faster, and gets as well (`npm run bench -- commands`).
setFlagsFromString('--max-inlined-bytecode-size-cumulative=4000')

const signals: readonly Signal[] = ['SIGINT', 'SIGTERM']

const io: Io = {
  argv: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  setExitCode: (code) => {
    process.exitCode = code
  },
  onSignal: (listener) => {
    for (const signal of signals) process.on(signal, listener)
    return () => {
      for (const signal of signals) process.off(signal, listener)
    }
  },
  onShutdown: (close, timeoutMs) => {
    // An event loop that runs empty is no reason: the exit code then is what the command set.
    closeWithGrace({ delay: timeoutMs, logger: false, skip: ['beforeExit'] }, ({ signal, err }) =>
      close({ signal, error: err }),
    )
  },
}

// A reader that went away, such as `head`, is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

await run(io)

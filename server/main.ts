#!/usr/bin/env node
// The entry of the `kvass` binary, and the only file that touches the process.
import { createReadStream, createWriteStream, fstatSync } from 'node:fs'
import { isatty } from 'node:tty'
import { setFlagsFromString } from 'node:v8'
import closeWithGrace from 'close-with-grace'
import type { Io, Signal } from './cli/io.ts'
import { run } from './cli/program.ts'

// A request passes many small functions. With V8's own budget for inlining, 920, it calls some of them instead: with
// this one sets at depth 64 are a tenth faster, and gets as well (`npm run bench -- commands`).
setFlagsFromString('--max-inlined-bytecode-size-cumulative=4000')

/**
 * Standard output. Node's own stream writes a part to a file whose disk is full, and says that it has written all: there
 * another one stands in for it. `/dev/full` and the like are as files.
 */
function openStdout(): Io['stdout'] {
  const stats = fstatSync(1)
  const isFile = stats.isFile() || stats.isBlockDevice() || (stats.isCharacterDevice() && !isatty(1))
  return isFile ? createWriteStream('', { fd: 1, autoClose: false }) : process.stdout
}

const signals: readonly Signal[] = ['SIGINT', 'SIGTERM']

const io: Io = {
  argv: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  // Of a folder Node's own stream makes an empty input.
  stdin: fstatSync(0).isDirectory() ? createReadStream('', { fd: 0 }) : process.stdin,
  stdout: openStdout(),
  stderr: process.stderr,
  setExitCode: (code) => {
    process.exitCode = code
  },
  onSignal: (listener) => {
    // Once: the second one ends what does not end by itself, such as the opening of a pipe that nobody reads.
    for (const signal of signals) process.once(signal, listener)
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

await run(io)

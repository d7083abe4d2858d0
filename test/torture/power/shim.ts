// Builds the shim with the machine's C compiler, and says in which environment a process is recorded by it.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const sources = ['shim.c', 'calls.c'].map((name) => join(import.meta.dirname, name))
const noCompiler =
  'no C compiler for the power-loss tests: install one (on Debian: apt-get install gcc libc6-dev) and have `cc` on PATH'

/** Runs a command with its output on stderr. */
function run(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: ['ignore', 2, 2] }).status === 0
}

const hasCompiler = () => spawnSync('cc', ['--version'], { stdio: 'ignore' }).status === 0

/** Builds the shim in a folder and returns its path. Installs a compiler where there is none and that can be done. */
export function buildShim(folder: string): string {
  if (process.platform !== 'linux') throw new Error('the power-loss tests need Linux: they record its system calls')
  if (!hasCompiler() && process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    console.error('installing a C compiler …')
    run('apt-get', 'update') && run('apt-get', 'install', '-y', '--no-install-recommends', 'gcc', 'libc6-dev')
  }
  if (!hasCompiler()) throw new Error(noCompiler)
  const library = join(folder, 'shim.so')
  if (!run('cc', '-shared', '-fPIC', '-O2', '-o', library, ...sources, '-ldl', '-lpthread')) {
    throw new Error('the shim could not be compiled: see the messages of the compiler above')
  }
  return library
}

/** What a process is started with to be recorded. `fault`: see shim.c. */
export function recorded(shim: string, root: string, record: string, fault = ''): NodeJS.ProcessEnv {
  // Without the variables of the tests, which a gateway takes for options.
  const env = Object.entries(process.env).filter(([name]) => !name.startsWith('KVASS_'))
  return {
    ...Object.fromEntries(env),
    LD_PRELOAD: shim,
    POWER_ROOT: root,
    POWER_RECORD: record,
    POWER_FAULT: fault,
  }
}

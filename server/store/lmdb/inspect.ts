// Verifies the tables in an LMDB folder in a process of its own, because a damaged file can end the process that reads
// it. The other end is inspect-process.ts.
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { BaseState } from './base.ts'
import type { CheckLine } from './inspect-process.ts'
import { sourceLoader } from './source-loader.ts'

/** Gets a line for each thing found. */
export type Report = (line: string) => void

/** Verifies the tables in an LMDB folder, in a process of its own. Returns whether they are sound. */
export async function checkTables(
  path: string,
  report: Report,
  onState: (state: BaseState | undefined) => void = () => {},
): Promise<boolean> {
  let sound = true
  let finished = false
  const loader = sourceLoader()
  const child = fork(
    fileURLToPath(new URL(`./inspect-process.${loader === undefined ? 'js' : 'ts'}`, import.meta.url)),
    {
      stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
      ...(loader === undefined ? {} : { execArgv: ['--import', registering(loader)] }),
    },
  )
  child.stdin!.end(JSON.stringify({ path }))
  let errors = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const ended = new Promise<string>((resolve) => {
    child.on('close', (code, signal) => resolve(signal ?? String(code)))
  })
  for await (const text of createInterface({ input: child.stdout! })) {
    const line = JSON.parse(text) as CheckLine
    if ('problem' in line) {
      sound = false
      report(line.problem)
    } else {
      finished = true
      report(`tables: ${line.tables} with ${line.entries} entries`)
      onState(line.state)
    }
  }
  const code = await ended
  if (finished && code === '0') return sound
  const reason = /^\w*Error: .*$/m.exec(errors)?.[0] ?? `the process that read it ended with ${code}`
  report(`${join(path, 'data.mdb')} is damaged: ${reason}`)
  return false
}

/** A module that registers the loader, as Node's --import wants it. */
function registering(loader: string): string {
  return `data:text/javascript,${encodeURIComponent(`import { register } from '${loader}'; register()`)}`
}

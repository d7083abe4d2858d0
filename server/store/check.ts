// `kvass check`: verifies a data directory that no gateway uses: the log's checksums and order, LMDB's rows against
// their indexes and counts. It repairs nothing and changes nothing.
import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Directory, DirectoryError, lmdbHeadIsSound, openDirectory } from './disk-directory.ts'
import type { BaseState } from './lmdb.ts'
import type { CheckLine } from './lmdb-check.ts'
import { realFiles } from './log-files.ts'
import type { RecordSink } from './log-format.ts'
import { DamageError, replayLog } from './log-replay.ts'
import { sourceLoader } from './source-loader.ts'

type Report = (line: string) => void

/**
 * Verifies a data directory; `report` gets a line for each thing found. Answers whether all is sound.
 * Throws where the directory is not one, or is in use.
 */
export async function checkDirectory(path: string, report: Report): Promise<boolean> {
  const directory = openDirectory(path, false)
  try {
    return await checkAll(directory, report)
  } catch (error) {
    if (!(error instanceof DamageError || error instanceof DirectoryError)) throw error
    report(error.message)
    return false
  } finally {
    directory.release()
  }
}

async function checkAll(directory: Directory, report: Report): Promise<boolean> {
  if (!existsSync(join(directory.lmdb, 'data.mdb'))) {
    report(`${directory.lmdb} holds no tables`)
    return false
  }
  lmdbHeadIsSound(directory.lmdb)
  let state: BaseState | undefined
  const tablesAreSound = await checkTables(directory.lmdb, report, (found) => {
    state = found
  })
  if (state === undefined) {
    if (tablesAreSound) report(`${directory.lmdb} says nothing of the log: the store was never begun`)
    return false
  }
  return checkLog(directory, state, report) && tablesAreSound
}

function checkLog(directory: Directory, state: BaseState, report: Report): boolean {
  const sink = new Counter()
  const end = replayLog(directory.log, { ...state, epoch: directory.epoch }, sink, realFiles)
  report(
    `log: ${end.live.length} segments, ${end.logBytes} bytes, ${sink.records} records up to revision ${end.revision}`,
  )
  if (end.torn) {
    const where = `${end.slot?.path}, offset ${end.offset}`
    report(`log: a torn write after the end (${where}), never acknowledged; the next start cuts it off`)
  }
  return true
}

class Counter implements RecordSink {
  records = 0
  set(): void {
    this.records++
  }
  delete(): void {
    this.records++
  }
  create(): void {
    this.records++
  }
  drop(): void {
    this.records++
  }
}

/** Verifies the tables in an LMDB folder, in a process of its own. Answers whether they are sound. */
export async function checkTables(
  path: string,
  report: Report,
  onState: (state: BaseState | undefined) => void = () => {},
): Promise<boolean> {
  let sound = true
  let finished = false
  const loader = sourceLoader()
  const child = fork(fileURLToPath(new URL(`./lmdb-check.${loader === undefined ? 'js' : 'ts'}`, import.meta.url)), {
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
    ...(loader === undefined ? {} : { execArgv: ['--import', registering(loader)] }),
  })
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

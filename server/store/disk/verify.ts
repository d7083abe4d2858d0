// `kvass check`: verifies a data directory that no gateway uses: the log's checksums and order, LMDB's rows against
// their indexes and counts. It repairs nothing and changes nothing.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { BaseState } from '../lmdb/base.ts'
import { checkTables, type Report } from '../lmdb/inspect.ts'
import { realFiles } from '../log/files.ts'
import type { RecordSink } from '../log/format.ts'
import { DamageError, replayLog } from '../log/replay.ts'
import { type Directory, lmdbHeadIsSound, openToRead } from './directory.ts'
import { DirectoryError } from './error.ts'

/**
 * Verifies a data directory; `report` gets a line for each thing found. Returns whether all is sound.
 * Throws where the directory is not one, or is in use.
 */
export async function checkDirectory(path: string, report: Report): Promise<boolean> {
  const directory = openToRead(path)
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

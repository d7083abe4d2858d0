// The process that is killed: opens a store, applies what it is told, and acknowledges what is safe.
// Arguments: directory, durability, bytes of log to a checkpoint, and a fault to plant, or ''.
import { openDisk } from '../../server/store/disk/engine.ts'
import type { FromEngine, Op, ToEngine } from './victims.ts'

const [directory, durability, checkpointBytes, fault] = process.argv.slice(2) as [string, 'flush', string, string]
const say = (message: FromEngine): void => void process.send!(message)

const started = performance.now()
const engine = await openDisk({ directory, durability, checkpointBytes: Number(checkpointBytes) }).catch((error) => {
  say({ failed: String(error.message) })
  throw error
})
say({ ready: performance.now() - started })

process.on('message', (message: ToEngine) => {
  if ('dump' in message) dump(message.dump)
  else if (fault === 'early') {
    say({ acks: message.ops.map(({ id }) => [id, 0]) })
    setTimeout(() => message.ops.forEach(apply), 5)
  } else {
    const acks = message.ops.map((op): [number, number] => [op.id, apply(op)])
    engine.whenSafe('t', engine.revisionOf('t'), (error) => {
      if (error === undefined) say({ acks })
      else say({ failed: error.message })
    })
  }
})
process.on('disconnect', () => process.exit(1))

/** Does one op and answers its revision. */
function apply({ kind, table, keys, value }: Op): number {
  const bytes = Buffer.from(value)
  if (kind === 'set') engine.set(table, keys[0]!, bytes, 0, bytes.length)
  else if (kind === 'delete') engine.delete(table, keys[0]!)
  else if (kind === 'group') engine.apply(keys.map((key) => ({ table, key, value: bytes })))
  else engine.drop(table)
  return engine.revisionOf('t')
}

function dump(table: string): void {
  const rows: [string, string, number][] = []
  for (let after: string | undefined; ; ) {
    const { entries, next } = engine.range(table, { after, limit: 1000, maxBytes: 1 << 24 })
    for (const { key, value, revision } of entries) rows.push([key, Buffer.from(value).toString(), revision])
    if (next === undefined) break
    after = next
  }
  if (rows.length !== engine.count(table))
    say({ failed: `${table} counts ${engine.count(table)}, holds ${rows.length}` })
  say({ dump: rows })
}

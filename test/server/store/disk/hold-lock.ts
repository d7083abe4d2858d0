// A process that opens a store, writes one entry, says so, and waits to be killed.
import { openDisk } from '../../../../server/store/disk/engine.ts'

const engine = await openDisk({ directory: process.argv[2]!, durability: 'flush' })
const value = Buffer.from('held')
engine.set('t', 'k', value, 0, value.length)
engine.whenSafe('t', engine.revisionOf('t'), () => say())
/** To the parent that forked it, or that reads its output. */
function say(): void {
  if (process.send) process.send('ready')
  else console.log('ready')
}
setInterval(() => {}, 1000)

// How many connections the system lets one process have: each is an open file.
import { readFileSync } from 'node:fs'

/** What a process has open besides its connections. */
const others = 200

/** As many connections as wanted, or as many as can be: says so where that is fewer. */
export function openFilesFor(wanted: number): number {
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))![1]!
  const possible = hard === 'unlimited' ? wanted : Math.min(wanted, Number(hard) - others)
  if (possible < wanted) {
    console.log(`${possible} connections in place of ${wanted}: a process may have ${hard} open files (ulimit -Hn)`)
  }
  return possible
}

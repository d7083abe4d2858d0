// The rows of figures that the README shows, picked from the tables of RESULTS.md.
import type { Table } from './report.ts'

/** A cell of RESULTS.md. */
interface Cell {
  /** How the first cell of its table's head begins. */
  readonly table: string
  /** The first cells of its row; as many as tell the row from the others. */
  readonly row: readonly string[]
  /** The head of its column. */
  readonly column: string
}

interface Row {
  readonly what: string
  /** The bench whose section has the cells. */
  readonly bench: string
  readonly ours: Cell
  /** The cells of those beside it, by name. */
  readonly others: Readonly<Record<string, Cell>>
}

/** Cells of one column in one table, each given by the first cells of its row. */
const cells = (table: string, column: string) => (row: readonly string[]) => ({ table, row, column })
const command = cells('command', 'a second')
const call = cells('call, system', 'a second')
const live = cells('1050 writes a second, 1000 watchers', 'deliveries/s')
const idle = cells('idle', 'KiB each')
const ycsb = cells('YCSB', 'a second')

const rows: readonly Row[] = [
  {
    what: 'gets a second, in memory, 64 under way on each of 50 connections',
    bench: 'commands',
    ours: command(['hget kvass, memory', '64']),
    others: { Redis: command(['hget redis, memory', '64']) },
  },
  {
    what: 'sets a second that survive power loss, same load',
    bench: 'commands',
    ours: command(['hset kvass, disk, flush', '64']),
    others: { 'Redis, `appendfsync always`': command(['hset redis, disk, flush', '64']) },
  },
  {
    what: 'YCSB A, reads and durable updates of 1 KB a second',
    bench: 'ycsb',
    ours: ycsb(['A: half updates; kvass disk']),
    others: { 'Redis, `appendfsync always`': ycsb(['A: half updates; redis, appendfsync always']) },
  },
  {
    what: 'gets a second of one SDK client',
    bench: 'sdk',
    ours: call(['get kvass']),
    others: { 'Socket.IO': call(['get socket.io']), 'NATS KV': call(['get nats']) },
  },
  {
    what: 'changes delivered a second, 1,000 watchers of one table',
    bench: 'fanout',
    ours: live(['kvass']),
    others: { 'bare `ws`': live(['bare ws']) },
  },
  {
    what: 'KiB of memory for an idle client with two watches',
    bench: 'idle',
    ours: idle(['kvass, hello and 2 watches']),
    others: { 'bare `ws`': idle(['bare ws']) },
  },
]

/** The cells of each table in a Markdown text, without the rule below the head. */
export function tablesOf(markdown: string): string[][][] {
  const blocks = markdown.match(/(^\|.*\|\n?)+/gm) ?? []
  return blocks.map((block) => {
    const [head = [], _rule, ...body] = block
      .trim()
      .split('\n')
      .map((line) =>
        line
          .slice(1, -1)
          .split(/(?<!\\)\|/)
          .map((cell) => cell.trim()),
      )
    return [head, ...body]
  })
}

function read(section: string, { table: title, row: start, column }: Cell): string {
  const [head = [], ...body] = tablesOf(section).find(([head]) => head?.[0]?.startsWith(title)) ?? []
  const row = body.find((row) => start.every((cell, index) => row[index] === cell))
  const value = row?.[head.indexOf(column)]
  if (!value) throw new Error(`RESULTS.md has no "${column}" of "${start.join(', ')}" in a table of "${title}"`)
  return value
}

/** The README's table, from the text of RESULTS.md. Throws an error that names a cell which is not there. */
export function summary(results: string): Table {
  const section = (bench: string) => results.split(/^### /m).find((text) => text.startsWith(`${bench}\n`)) ?? ''
  const body = rows.map(({ what, bench, ours, others }) => {
    const text = section(bench)
    const beside = Object.entries(others).map(([name, cell]) => `${read(text, cell)} ${name}`)
    return [what, read(text, ours), beside.join(', ')]
  })
  return [['what', 'Kvass', 'beside it'], ...body]
}

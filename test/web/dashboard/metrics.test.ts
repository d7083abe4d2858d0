// The reader of Prometheus text, and what the overview computes from two scrapes.
import { expect, test } from 'vitest'
import { parseMetrics } from '../../../web/dashboard/overview/metrics.ts'
import { columns, quantile, type Reading, readingOf, remember } from '../../../web/dashboard/overview/readings.ts'

test('samples, labels with escapes, special numbers and timestamps are read', () => {
  const scrape = parseMetrics(
    [
      '# HELP a Something.',
      '# TYPE a counter',
      'a 1',
      'a{x="1",y="b \\"q\\" \\\\ \\n, }"} 2.5e3 1700000000000',
      '',
      'b_bucket{le="+Inf"} +Inf',
      'c NaN\r',
      'd{} -Inf',
    ].join('\n'),
  )
  expect(scrape.get('a')).toEqual([
    { labels: {}, value: 1 },
    { labels: { x: '1', y: 'b "q" \\ \n, }' }, value: 2500 },
  ])
  expect(scrape.get('b_bucket')).toEqual([{ labels: { le: '+Inf' }, value: Number.POSITIVE_INFINITY }])
  expect(scrape.get('c')![0]!.value).toBeNaN()
  expect(scrape.get('d')![0]!.value).toBe(Number.NEGATIVE_INFINITY)
})

test.each(['a', 'a one', '{x="1"} 2', 'a{x=1} 2', 'a{x="1} 2', '<html>'])(
  'what is no sample is refused by line: %s',
  (bad) => {
    expect(() => parseMetrics(`fine 1\n${bad}`)).toThrow(/line 2/)
  },
)

test('a label called __proto__ stays a label', () => {
  const [sample] = parseMetrics('a{__proto__="x"} 1').get('a')!
  expect(Object.keys(sample!.labels)).toEqual(['__proto__'])
})

test('a quantile lies within its bucket by proportion', () => {
  const buckets = [
    { bound: 1, count: 10 },
    { bound: 2, count: 30 },
    { bound: Number.POSITIVE_INFINITY, count: 40 },
  ]
  expect(quantile(buckets, 0.25)).toBe(1)
  expect(quantile(buckets, 0.5)).toBe(1.5)
  // Above the last bound nothing more is known than that bound.
  expect(quantile(buckets, 0.99)).toBe(2)
  expect(quantile([{ bound: 1, count: 0 }], 0.5)).toBeUndefined()
  expect(quantile([], 0.5)).toBeUndefined()
})

const scrapeAt = (at: number, lines: string[]) => ({ at, scrape: parseMetrics(lines.join('\n')) })
const before = scrapeAt(1_000, [
  'kvass_commands_total{command="hget",status="200"} 100',
  'kvass_command_seconds_bucket{command="hget",le="0.001"} 100',
  'kvass_command_seconds_bucket{command="hget",le="0.002"} 100',
  'kvass_command_seconds_bucket{command="hget",le="+Inf"} 100',
  'kvass_bytes_total{direction="in"} 1000',
])
const after = scrapeAt(3_000, [
  'kvass_commands_total{command="hget",status="200"} 300',
  'kvass_commands_total{command="hget",status="404"} 10',
  'kvass_commands_total{command="hset",status="413"} 4',
  'kvass_command_seconds_bucket{command="hget",le="0.001"} 200',
  'kvass_command_seconds_bucket{command="hget",le="0.002"} 300',
  'kvass_command_seconds_bucket{command="hget",le="+Inf"} 300',
  'kvass_bytes_total{direction="in"} 5000',
  'kvass_connections 7',
  'kvass_store_bytes{kind="disk"} 11',
  'kvass_store_bytes{kind="log"} 22',
  'kvass_checkpoint_seconds_count 4',
  'kvass_checkpoint_seconds_sum 2',
])

test('two scrapes become rates, by command and status, and quantiles of what came between', () => {
  const reading = readingOf(9_999, [before, after])
  expect(reading).toMatchObject({
    at: 9_999,
    commandsPerSecond: 107,
    errorsPerSecond: 2,
    bytesInPerSecond: 2000,
    bytesOutPerSecond: undefined,
    connections: 7,
    queuedBytes: undefined,
    store: { diskBytes: 11, logBytes: 22, memoryBytes: undefined, checkpoints: 4, checkpointSeconds: 0.5 },
  })
  expect(reading.p50).toBeCloseTo(0.001, 9)
  expect(reading.p99).toBeCloseTo(0.00198, 9)
  const [hget, hset] = reading.commands
  expect(hget).toMatchObject({ command: 'hget', perSecond: 105, total: 310 })
  expect(hget!.statuses).toEqual([
    { status: '200', perSecond: 100 },
    { status: '404', perSecond: 5 },
  ])
  expect(hset).toMatchObject({ command: 'hset', perSecond: 2, p50: undefined })
})

test('a counter that went back makes no rate', () => {
  const reading = readingOf(0, [after, { ...before, at: 4_000 }])
  expect(reading.commandsPerSecond).toBeUndefined()
  expect(reading.bytesInPerSecond).toBeUndefined()
})

test('rates are of the last two scrapes, quantiles of all that are given', () => {
  const quiet = { ...after, at: 4_000 }
  const reading = readingOf(0, [before, after, quiet])
  expect(reading.commandsPerSecond).toBe(0)
  expect(reading.p50).toBeCloseTo(0.001, 9)
})

const at = (milliseconds: number): Reading => ({
  ...readingOf(milliseconds, [before, after]),
  connections: milliseconds,
})

test('the history lets go of what is too old', () => {
  const history = [0, 1_000, 2_000].reduce<Reading[]>((kept, time) => remember(kept, at(time), 1_500), [])
  expect(history.map((reading) => reading.at)).toEqual([1_000, 2_000])
  expect(remember(history, at(60_000), 1_500).map((reading) => reading.at)).toEqual([60_000])
})

test('a chart has a hole where readings are missing', () => {
  const [times, connections] = columns([at(1_000), at(2_000), at(9_000)], [(reading) => reading.connections])
  expect(times).toEqual([1, 2, 2.001, 9])
  expect(connections).toEqual([1_000, 2_000, null, 9_000])
})

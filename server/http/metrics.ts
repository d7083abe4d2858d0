// Metrics for Prometheus, from what the meter, the connections, the store and the event loop know. It counts nothing
// itself but the events of the store.

import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Histogram, type Metric, Registry } from 'prom-client'
import { commandNumbers } from '../../proto/codec.ts'
import type { Core } from '../core.ts'
import { clientTables } from '../data/own-tables.ts'
import { countedStatuses, latencyBuckets, type Meter } from '../service/meter.ts'
import { anyTable, type DiskStats } from '../store/engine.ts'
import { version } from '../version.ts'

interface Sample {
  readonly value: number
  readonly labels?: Readonly<Record<string, string | number>>
  /** Where it differs from the metric's name: `…_bucket` and the like. */
  readonly metricName?: string
}

const processMetrics = new Registry()
const commandNames = new Map<number, string>(Object.entries(commandNumbers).map(([name, number]) => [number, name]))
const storeBuckets = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

/** Serves /metrics until the app closes. */
export function serveMetrics(app: FastifyInstance, core: Core): void {
  // The metrics of the process are collected once, however many gateways it has.
  if (processMetrics.getMetricsAsArray().length === 0) collectDefaultMetrics({ register: processMetrics })
  const registry = new Registry()
  meterMetrics(registry, core.meter)
  connectionMetrics(registry, core)
  storeMetrics(registry, core)
  const loop = eventLoopMetrics(registry)
  app.addHook('onClose', async () => loop.stop())
  app.get('/metrics', async (_request, reply) => {
    reply.type(registry.contentType)
    return (await registry.metrics()) + (await processMetrics.metrics())
  })
}

/** A metric whose samples are read when Prometheus asks. */
function metric(
  registry: Registry,
  type: 'counter' | 'gauge' | 'histogram',
  name: string,
  help: string,
  read: () => Sample[],
) {
  const get = () => Promise.resolve({ name, help, type, aggregator: 'sum', values: read() })
  registry.registerMetric({ name, help, type, get } as unknown as Metric)
}

function meterMetrics(registry: Registry, meter: Meter): void {
  metric(registry, 'gauge', 'kvass_info', 'Always 1; the version is a label.', () => [
    { value: 1, labels: { version } },
  ])
  metric(registry, 'counter', 'kvass_commands_total', 'Replies, by command and status.', () => replies(meter))
  const latency = 'Seconds from the chunk that brought a command to its reply given to the socket.'
  metric(registry, 'histogram', 'kvass_command_seconds', latency, () => latencies(meter, 'kvass_command_seconds'))
  metric(registry, 'counter', 'kvass_bytes_total', 'Bytes of the streams, by direction.', () => [
    { value: meter.bytesIn, labels: { direction: 'in' } },
    { value: meter.bytesOut, labels: { direction: 'out' } },
  ])
  metric(registry, 'counter', 'kvass_connections_opened_total', 'Connections accepted.', () => [
    { value: meter.connectionsOpened },
  ])
  metric(registry, 'counter', 'kvass_stream_closes_total', 'Streams that the gateway closed, by close code.', () =>
    [...meter.closes].map(([code, value]) => ({ value, labels: { code } })),
  )
}

const commandName = (number: number): string => (number === 0 ? 'none' : (commandNames.get(number) ?? String(number)))

function replies(meter: Meter): Sample[] {
  return meter.replies.flatMap((counts, number) =>
    countedStatuses.flatMap((status, index) => {
      const value = counts[index]!
      return value === 0 ? [] : [{ value, labels: { command: commandName(number), status } }]
    }),
  )
}

function latencies(meter: Meter, name: string): Sample[] {
  return meter.latencies.flatMap(({ counts, sumSeconds }, number) => {
    const command = commandName(number)
    let below = 0
    const buckets = [...counts].map((count, index) => {
      below += count
      return { value: below, labels: { command, le: latencyBuckets[index] ?? '+Inf' }, metricName: `${name}_bucket` }
    })
    if (below === 0) return []
    const sum = { value: sumSeconds, labels: { command }, metricName: `${name}_sum` }
    return [...buckets, sum, { value: below, labels: { command }, metricName: `${name}_count` }]
  })
}

function connectionMetrics(registry: Registry, { connections }: Core): void {
  metric(registry, 'gauge', 'kvass_connections', 'Open connections.', () => [{ value: connections.count }])
  metric(registry, 'gauge', 'kvass_queued_bytes', 'Reply bytes that wait for slow readers.', () => [
    { value: connections.queuedBytes },
  ])
}

/** The result of `read`, called once for all metrics that need it in the same turn of the event loop: it reads every table. */
function oncePerTurn<Value>(read: () => Value): () => Value {
  let known: { readonly value: Value } | undefined
  return () => {
    if (known === undefined) {
      known = { value: read() }
      setImmediate(() => {
        known = undefined
      })
    }
    return known.value
  }
}

function storeMetrics(registry: Registry, { store }: Core): void {
  const stats = oncePerTurn(() => store.stats())
  const tables = oncePerTurn(() => clientTables(store))
  const entries = () => tables().reduce((sum, { count }) => sum + count, 0)
  const revision = () => store.revisionOf(anyTable)
  const unsafe = () => revision() - store.safeRevisionOf(anyTable)
  const gauges: [name: string, help: string, read: () => number][] = [
    ['kvass_store_entries', 'Entries in all tables of clients.', entries],
    [
      'kvass_store_own_entries',
      'Entries in the tables of the gateway: what expires, leases, remembered mutations.',
      () => stats().entries - entries(),
    ],
    ['kvass_store_tables', 'Tables of clients.', () => tables().length],
    ['kvass_store_revision', 'Revision of the last write.', revision],
    ['kvass_store_unsafe_revisions', 'Revisions applied and not yet safe.', unsafe],
  ]
  for (const [name, help, read] of gauges) metric(registry, 'gauge', name, help, () => [{ value: read() }])
  metric(registry, 'gauge', 'kvass_store_bytes', 'Bytes of the store, by where they are.', () => {
    const { memoryBytes, disk } = stats()
    const onDisk = disk && { disk: disk.fileBytes, log: disk.logBytes, cache: disk.cache.bytes }
    const kinds = Object.entries({ memory: memoryBytes, ...onDisk })
    return kinds.map(([kind, value]) => ({ value, labels: { kind } }))
  })
  if (store.stats().disk !== undefined) diskMetrics(registry, () => stats().disk!)
  observeStore(registry, store.events)
}

/** What an engine has that keeps its data in files. */
function diskMetrics(registry: Registry, stats: () => DiskStats): void {
  metric(
    registry,
    'gauge',
    'kvass_store_reclaiming_entries',
    'Entries of dropped tables that still take space on disk.',
    () => [{ value: stats().reclaiming }],
  )
  const lookups = 'Lookups in the tables on disk, by what the cache had.'
  metric(registry, 'counter', 'kvass_store_cache_lookups_total', lookups, () => {
    const { hits, misses } = stats().cache
    return Object.entries({ hit: hits, miss: misses }).map(([outcome, value]) => ({ value, labels: { outcome } }))
  })
}

function observeStore(registry: Registry, events: Core['store']['events']): void {
  const registers = [registry]
  const histogram = (name: string, help: string) => new Histogram({ name, help, buckets: storeBuckets, registers })
  const counter = (name: string, help: string) => new Counter({ name, help, registers })
  const commit = histogram('kvass_commit_seconds', 'Seconds until a group of writes was safe.')
  const commitWrites = counter('kvass_commit_writes_total', 'Writes in those groups.')
  const commitBytes = counter('kvass_commit_bytes_total', 'Bytes of those groups in the log.')
  const checkpoint = histogram('kvass_checkpoint_seconds', 'Seconds that a checkpoint took.')
  const checkpointEntries = counter('kvass_checkpoint_entries_total', 'Entries that checkpoints moved.')
  events.onCommit = (seconds, writes, bytes) => {
    commit.observe(seconds)
    commitWrites.inc(writes)
    commitBytes.inc(bytes)
  }
  events.onCheckpoint = (seconds, entries) => {
    checkpoint.observe(seconds)
    checkpointEntries.inc(entries)
  }
}

const delayResolutionMs = 20
const delayWindowMs = 5_000

/** How late timers are, over the last full window: so two readers of the metrics do not disturb each other. */
function eventLoopMetrics(registry: Registry): { stop(): void } {
  const delay = monitorEventLoopDelay({ resolution: delayResolutionMs })
  delay.enable()
  // The histogram holds the times between two timers; what is above the interval is the delay.
  const seconds = (nanoseconds: number) => Math.max(0, nanoseconds / 1e9 - delayResolutionMs / 1e3)
  const read = () => [
    { value: seconds(delay.percentile(50)), labels: { quantile: '0.5' } },
    { value: seconds(delay.percentile(99)), labels: { quantile: '0.99' } },
    { value: seconds(delay.max), labels: { quantile: '1' } },
  ]
  let last: Sample[] | undefined
  const timer = setInterval(() => {
    last = read()
    delay.reset()
  }, delayWindowMs)
  timer.unref()
  const help = 'Seconds that the event loop was late, in the last 5 s.'
  metric(registry, 'gauge', 'kvass_event_loop_delay_seconds', help, () => last ?? read())
  return {
    stop: () => {
      clearInterval(timer)
      delay.disable()
    },
  }
}

// What the overview shows, computed from scrapes: two in a row become rates and quantiles, many a history.
// It knows the names of the gateway's metrics, and nothing of how they are fetched or drawn.
import type { Sample, Scrape } from './metrics.ts'

/** Rates and latencies of one command between two scrapes. */
export interface CommandReading {
  readonly command: string
  readonly perSecond: number
  /** Replies since the gateway started. */
  readonly total: number
  /** Replies a second by status, without those at 0. */
  readonly statuses: readonly { readonly status: string; readonly perSecond: number }[]
  readonly p50: number | undefined
  readonly p99: number | undefined
}

/** One moment of the gateway. Times are in seconds, rates a second, sizes in bytes; undefined: not known. */
export interface Reading {
  /** Milliseconds since 1970, by this page's clock. */
  readonly at: number
  readonly commandsPerSecond: number | undefined
  /** Replies other than 200, and 404, which only says that a key is not there. */
  readonly errorsPerSecond: number | undefined
  readonly p50: number | undefined
  readonly p99: number | undefined
  readonly commands: readonly CommandReading[]
  readonly connections: number | undefined
  readonly bytesInPerSecond: number | undefined
  readonly bytesOutPerSecond: number | undefined
  readonly queuedBytes: number | undefined
  readonly loopP50: number | undefined
  readonly loopP99: number | undefined
  readonly commitsPerSecond: number | undefined
  readonly commitP50: number | undefined
  readonly commitP99: number | undefined
  readonly store: StoreReading
  readonly startedAt: number | undefined
  readonly residentBytes: number | undefined
}

export interface StoreReading {
  readonly entries: number | undefined
  readonly tables: number | undefined
  readonly diskBytes: number | undefined
  readonly memoryBytes: number | undefined
  readonly logBytes: number | undefined
  readonly reclaiming: number | undefined
  readonly checkpoints: number | undefined
  /** Average of all checkpoints since the gateway started. */
  readonly checkpointSeconds: number | undefined
}

/** Two scrapes and the seconds between them. */
interface Window {
  readonly now: Scrape
  readonly before: Scrape
  readonly seconds: number
}

const none: readonly Sample[] = []
const samples = (scrape: Scrape, name: string): readonly Sample[] => scrape.get(name) ?? none

function gauge(scrape: Scrape, name: string, labels: Record<string, string> = {}): number | undefined {
  const wanted = Object.entries(labels)
  const found = samples(scrape, name).filter((sample) => wanted.every(([key, value]) => sample.labels[key] === value))
  if (found.length === 0) return undefined
  const sum = found.reduce((total, sample) => total + sample.value, 0)
  return Number.isFinite(sum) ? sum : undefined
}

/** Growth of a counter between the scrapes; undefined where it went back, which says that the gateway restarted. */
function growth({ now, before }: Window, name: string, labels: Record<string, string> = {}): number | undefined {
  const last = gauge(now, name, labels)
  if (last === undefined) return undefined
  const grown = last - (gauge(before, name, labels) ?? 0)
  return grown < 0 ? undefined : grown
}

function rate(window: Window, name: string, labels?: Record<string, string>): number | undefined {
  const grown = growth(window, name, labels)
  return grown === undefined ? undefined : grown / window.seconds
}

/** Cumulated counts of a histogram by upper bound, summed over the samples with these labels. */
function buckets(scrape: Scrape, name: string, labels: Record<string, string>): Map<number, number> {
  const wanted = Object.entries(labels)
  const sums = new Map<number, number>()
  for (const sample of samples(scrape, `${name}_bucket`)) {
    if (!wanted.every(([key, value]) => sample.labels[key] === value)) continue
    const bound = sample.labels.le === '+Inf' ? Infinity : Number(sample.labels.le)
    sums.set(bound, (sums.get(bound) ?? 0) + sample.value)
  }
  return sums
}

/** Quantiles of what a histogram gained between the scrapes. */
function quantiles({ now, before }: Window, name: string, labels: Record<string, string> = {}) {
  const earlier = buckets(before, name, labels)
  const gained = [...buckets(now, name, labels)]
    .map(([bound, count]) => ({ bound, count: count - (earlier.get(bound) ?? 0) }))
    .sort((a, b) => a.bound - b.bound)
  return { p50: quantile(gained, 0.5), p99: quantile(gained, 0.99) }
}

/**
 * The value below which the share `q` of a histogram lies, interpolated within its bucket. `gained` has cumulated
 * counts in the order of their upper bounds. Undefined where nothing was counted; what lies above the last finite
 * bound is given as that bound.
 */
export function quantile(gained: readonly { bound: number; count: number }[], q: number): number | undefined {
  const total = gained.at(-1)?.count ?? 0
  if (!(total > 0)) return undefined
  const rank = q * total
  let lower = 0
  let below = 0
  for (const { bound, count } of gained) {
    if (count >= rank) {
      if (bound === Infinity) return lower
      return lower + (bound - lower) * ((rank - below) / (count - below))
    }
    if (bound !== Infinity) lower = bound
    below = count
  }
  return lower
}

function commandReadings(window: Window, longer: Window): CommandReading[] {
  const byCommand = new Map<string, { status: string; perSecond: number }[]>()
  for (const { labels } of samples(window.now, 'kvass_commands_total')) {
    const { command = '', status = '' } = labels
    const perSecond = rate(window, 'kvass_commands_total', { command, status }) ?? 0
    const statuses = byCommand.get(command) ?? []
    byCommand.set(command, statuses)
    if (perSecond > 0) statuses.push({ status, perSecond })
  }
  return [...byCommand]
    .map(([command, statuses]) => ({
      command,
      statuses,
      total: gauge(longer.now, 'kvass_commands_total', { command }) ?? 0,
      perSecond: statuses.reduce((sum, { perSecond }) => sum + perSecond, 0),
      ...quantiles(longer, 'kvass_command_seconds', { command }),
    }))
    .sort((a, b) => b.perSecond - a.perSecond || a.command.localeCompare(b.command))
}

function storeReading(now: Scrape): StoreReading {
  const checkpoints = gauge(now, 'kvass_checkpoint_seconds_count')
  const seconds = gauge(now, 'kvass_checkpoint_seconds_sum')
  return {
    entries: gauge(now, 'kvass_store_entries'),
    tables: gauge(now, 'kvass_store_tables'),
    diskBytes: gauge(now, 'kvass_store_bytes', { kind: 'disk' }),
    memoryBytes: gauge(now, 'kvass_store_bytes', { kind: 'memory' }),
    logBytes: gauge(now, 'kvass_store_bytes', { kind: 'log' }),
    reclaiming: gauge(now, 'kvass_store_reclaiming_entries'),
    checkpoints,
    checkpointSeconds: checkpoints && seconds !== undefined ? seconds / checkpoints : undefined,
  }
}

/** A scrape and when it was made, in milliseconds of a clock that only goes forward. */
export interface TimedScrape {
  readonly scrape: Scrape
  readonly at: number
}

/**
 * One moment, from the last of some scrapes in a row (two at least): rates since the one before it, quantiles
 * since the first, because a second of a quiet gateway has too few replies to say much.
 */
export function readingOf(at: number, recent: readonly TimedScrape[]): Reading {
  const now = recent.at(-1)!
  const since = (before: TimedScrape): Window => ({
    now: now.scrape,
    before: before.scrape,
    seconds: (now.at - before.at) / 1000,
  })
  const window = since(recent.at(-2)!)
  const longer = since(recent[0]!)
  const gaugeNow = (name: string, labels?: Record<string, string>) => gauge(now.scrape, name, labels)
  const commands = commandReadings(window, longer)
  const perSecond = rate(window, 'kvass_commands_total')
  const statusRate = (status: string) => rate(window, 'kvass_commands_total', { status }) ?? 0
  const commits = quantiles(longer, 'kvass_commit_seconds')
  return {
    at,
    commandsPerSecond: perSecond,
    errorsPerSecond:
      perSecond === undefined ? undefined : Math.max(0, perSecond - statusRate('200') - statusRate('404')),
    ...quantiles(longer, 'kvass_command_seconds'),
    commands,
    connections: gaugeNow('kvass_connections'),
    bytesInPerSecond: rate(window, 'kvass_bytes_total', { direction: 'in' }),
    bytesOutPerSecond: rate(window, 'kvass_bytes_total', { direction: 'out' }),
    queuedBytes: gaugeNow('kvass_queued_bytes'),
    loopP50: gaugeNow('kvass_event_loop_delay_seconds', { quantile: '0.5' }),
    loopP99: gaugeNow('kvass_event_loop_delay_seconds', { quantile: '0.99' }),
    commitsPerSecond: rate(window, 'kvass_commit_seconds_count'),
    commitP50: commits.p50,
    commitP99: commits.p99,
    store: storeReading(now.scrape),
    startedAt: gaugeNow('process_start_time_seconds'),
    residentBytes: gaugeNow('process_resident_memory_bytes'),
  }
}

/** Adds a reading to a history and lets go of what is older than `keepMs`; answers a new array. */
export function remember(history: readonly Reading[], reading: Reading, keepMs: number): Reading[] {
  const oldest = reading.at - keepMs
  const from = history.findIndex(({ at }) => at >= oldest)
  return [...(from < 0 ? [] : history.slice(from)), reading]
}

/**
 * Columns for a chart: times in seconds, then one array for each picked figure. Where two readings are more than
 * `gapMs` apart an empty point is put between them, so that the line breaks there.
 */
export function columns(
  history: readonly Reading[],
  picks: readonly ((reading: Reading) => number | undefined)[],
  gapMs = 2_500,
): [number[], ...(number | null)[][]] {
  const times: number[] = []
  const figures: (number | null)[][] = picks.map(() => [])
  history.forEach((reading, index) => {
    const before = history[index - 1]
    if (before && reading.at - before.at > gapMs) {
      times.push((before.at + 1) / 1000)
      for (const column of figures) column.push(null)
    }
    times.push(reading.at / 1000)
    picks.forEach((pick, series) => {
      figures[series]!.push(pick(reading) ?? null)
    })
  })
  return [times, ...figures]
}

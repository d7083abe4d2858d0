// The overview: is the gateway well, what does it do, how fast, and how full is its store.
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { bytes, count, dash, exact, lasting, plural, seconds } from '../format.ts'
import { connection, visible, welcome } from '../kv.ts'
import { WarningIcon } from '../shell/icons.tsx'
import { Chart, type Hovered, type Line } from './chart.tsx'
import { Commands } from './commands.tsx'
import type { Reading, StoreReading } from './readings.ts'
import { health, history, scrapeError, startSampling } from './sampler.ts'

// From the first visit on, so that a return to the overview finds its history.
startSampling()

interface Panel {
  title: string
  lines: readonly Line[]
  format: (value: number) => string
  atLeast: number
  isBinary?: boolean
}

const perSecond = (format: (value: number) => string) => (value: number) =>
  value === 0 ? '0' : `${format(Number(value.toPrecision(3)))}/s`

const panels: readonly Panel[] = [
  {
    title: 'Commands',
    lines: [
      { label: 'all', color: '--chart-1', pick: (reading) => reading.commandsPerSecond, filled: true },
      { label: 'errors', color: '--chart-bad', pick: (reading) => reading.errorsPerSecond },
    ],
    format: perSecond(count),
    atLeast: 5,
  },
  {
    title: 'Latency',
    lines: [
      { label: 'p99', color: '--chart-1', pick: (reading) => reading.p99 },
      { label: 'p50', color: '--chart-2', pick: (reading) => reading.p50 },
    ],
    format: seconds,
    atLeast: 0.0005,
  },
  {
    title: 'Connections',
    lines: [{ label: 'open', color: '--chart-1', pick: (reading) => reading.connections, filled: true }],
    format: (value) => count(Number(value.toPrecision(3))),
    atLeast: 4,
  },
  {
    title: 'Traffic',
    lines: [
      { label: 'out', color: '--chart-1', pick: (reading) => reading.bytesOutPerSecond },
      { label: 'in', color: '--chart-2', pick: (reading) => reading.bytesInPerSecond },
      { label: 'queued', color: '--chart-3', pick: (reading) => reading.queuedBytes, format: bytes },
    ],
    format: perSecond(bytes),
    atLeast: 1024,
    isBinary: true,
  },
  {
    title: 'Event-loop delay',
    lines: [
      { label: 'p99', color: '--chart-1', pick: (reading) => reading.loopP99 },
      { label: 'p50', color: '--chart-2', pick: (reading) => reading.loopP50 },
    ],
    format: seconds,
    atLeast: 0.01,
  },
  {
    title: 'Commit to disk',
    lines: [
      { label: 'p99', color: '--chart-1', pick: (reading) => reading.commitP99 },
      { label: 'p50', color: '--chart-2', pick: (reading) => reading.commitP50 },
    ],
    format: seconds,
    atLeast: 0.001,
  },
]

const spans = [1, 5, 10] as const

export function Overview(): JSX.Element {
  const [minutes, setMinutes] = useState<number>(5)
  const readings = history.value
  const latest = readings.at(-1)
  useEffect(() => {
    document.title = 'Overview · Kvass'
  }, [])
  return (
    <main class="overview" tabIndex={-1}>
      <div class="room-head">
        <h1>Overview</h1>
        <fieldset class="segments" aria-label="Time shown in the charts">
          {spans.map((span) => (
            <label key={span}>
              <input type="radio" name="span" checked={minutes === span} onChange={() => setMinutes(span)} />
              <span>{span} min</span>
            </label>
          ))}
        </fieldset>
      </div>
      <Health latest={latest} />
      {scrapeError.value !== undefined && connection.value === 'open' && (
        <p class="notice bad" role="status">
          <WarningIcon /> The metrics cannot be read: {scrapeError.value}. They are asked for again every second.
        </p>
      )}
      <section class="charts" aria-label="Charts">
        {panels.map((panel) => (
          <ChartCard key={panel.title} panel={panel} readings={readings} spanMs={minutes * 60_000} />
        ))}
      </section>
      <div class="overview-lower">
        <Commands readings={latest?.commands} />
        <Store store={latest?.store} />
      </div>
    </main>
  )
}

const durabilityWords = {
  flush: 'survives power loss',
  commit: 'survives a crash of the process',
  volatile: 'kept in memory only',
} as const

function Health({ latest }: { latest: Reading | undefined }): JSX.Element {
  const state = connection.value
  const { alive, ready } = health.value ?? {}
  const well = state === 'open' && ready === true
  const unknown = health.value === undefined && state !== 'closed' && state !== 'waiting'
  const verdict = unknown
    ? 'Looking…'
    : well
      ? 'Healthy'
      : alive && !ready
        ? 'Not ready'
        : state === 'open'
          ? 'Degraded'
          : 'Unreachable'
  const hello = welcome.value
  const uptime = latest?.startedAt === undefined ? undefined : Date.now() / 1000 - latest.startedAt
  return (
    <section class="health card" aria-label="Health">
      <div class={`verdict ${unknown ? '' : well ? 'good' : 'bad'}`} role="status">
        <span class="dot" aria-hidden="true" />
        <strong>{verdict}</strong>
      </div>
      <dl>
        <Fact name="Gateway" value={hello?.server.replace(/^kvass\//, 'Kvass ')} />
        <Fact name="Up" value={uptime === undefined ? undefined : lasting(uptime)} />
        <Fact name="Durability" value={hello?.durability} note={hello && durabilityWords[hello.durability]} />
        <Fact name="Memory" value={latest?.residentBytes === undefined ? undefined : bytes(latest.residentBytes)} />
        <Fact name="Epoch" value={hello?.epoch.slice(0, 8)} title={hello?.epoch} literal />
      </dl>
    </section>
  )
}

interface FactProps {
  name: string
  value: string | undefined
  note?: string | undefined
  title?: string | undefined
  literal?: boolean
}

function Fact({ name, value, note, title, literal }: FactProps): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd title={title} class={literal ? 'literal' : undefined}>
        {value ?? dash}
        {note && <small>{note}</small>}
      </dd>
    </div>
  )
}

interface ChartCardProps {
  panel: Panel
  readings: readonly Reading[]
  spanMs: number
}

function ChartCard({ panel, readings, spanMs }: ChartCardProps): JSX.Element {
  const [hovered, setHovered] = useState<Hovered | undefined>(undefined)
  const latest = readings.at(-1)
  const { title, lines, format } = panel
  const shown = lines.map(({ pick }, index) =>
    hovered ? (hovered.values[index] ?? undefined) : latest && pick(latest),
  )
  return (
    <article class="card chart-card">
      <header>
        <h2>{title}</h2>
        <ul class="legend">
          {hovered && <li class="muted">{hovered.clock}</li>}
          {lines.map(({ label, color, format: formatLine = format }, index) => (
            <li key={label}>
              <span class={`swatch ${color.slice(2)}`} aria-hidden="true" />
              <span class="legend-name">{label}</span>
              <span class="legend-value">{shown[index] === undefined ? dash : formatLine(shown[index])}</span>
            </li>
          ))}
        </ul>
      </header>
      <Chart {...panel} title={`${title} over time`} history={readings} spanMs={spanMs} onHover={setHovered} />
      {readings.length < 2 && <p class="chart-empty">{visible.value ? 'Collecting…' : 'Paused'}</p>}
    </article>
  )
}

function Store({ store }: { store: StoreReading | undefined }): JSX.Element {
  const facts: [string, string][] = [
    ['Entries', store?.entries === undefined ? dash : exact(store.entries)],
    ['Tables', store?.tables === undefined ? dash : exact(store.tables)],
    ['On disk', bytes(store?.diskBytes)],
    ['In memory', bytes(store?.memoryBytes)],
    ['Log to checkpoint', bytes(store?.logBytes)],
    ['Checkpoints', store?.checkpoints === undefined ? dash : exact(store.checkpoints)],
    ['Checkpoint takes', seconds(store?.checkpointSeconds)],
    ['Being reclaimed', store?.reclaiming === undefined ? dash : plural(store.reclaiming, 'entry', 'entries')],
  ]
  return (
    <section class="card" aria-labelledby="store-title">
      <h2 id="store-title">Store</h2>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

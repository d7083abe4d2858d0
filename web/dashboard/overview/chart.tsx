// One live chart: lines over the last minutes, drawn by uPlot in the theme's colours. It knows no metric.

import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import { theme } from '../shell/theme.ts'
import type { Reading } from './readings.ts'
import { columns } from './readings.ts'

export interface Line {
  label: string
  /** Name of a custom property that holds a colour, as "--chart-1". */
  color: string
  pick: (reading: Reading) => number | undefined
  /** Whether the space below the line is tinted. */
  filled?: boolean
}

interface ChartProps {
  /** What the chart shows, for those who cannot see it. */
  title: string
  lines: readonly Line[]
  history: readonly Reading[]
  /** How far back it goes, in milliseconds. */
  spanMs: number
  format: (value: number) => string
  /** The top of the scale is at least this, so that noise near 0 does not look like a storm. */
  atLeast: number
  onHover: (values: readonly (number | null | undefined)[] | undefined) => void
}

const heightPixels = 132
const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
})

export function Chart(props: ChartProps): JSX.Element {
  const holder = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | undefined>(undefined)
  const latest = useRef(props)
  latest.current = props
  const { history, lines, spanMs, title } = props
  const drawnTheme = theme.value

  useEffect(() => {
    const element = holder.current!
    const made = new uPlot(optionsFor(element, latest), dataFor(latest.current), element)
    plot.current = made
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: heightPixels }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.destroy()
      plot.current = undefined
    }
  }, [drawnTheme, lines])

  useEffect(() => {
    const made = plot.current
    if (!made) return
    made.batch(() => {
      made.setData(dataFor(latest.current), false)
      const end = (history.at(-1)?.at ?? Date.now()) / 1000
      made.setScale('x', { min: end - spanMs / 1000, max: end })
    })
  }, [history, spanMs])

  return <div class="chart" ref={holder} role="img" aria-label={title} />
}

const dataFor = ({ history, lines }: ChartProps): uPlot.AlignedData =>
  columns(
    history,
    lines.map(({ pick }) => pick),
  )

/** The colour that a custom property has in the theme at hand. */
function colorOf(element: HTMLElement, property: string, alpha = 1): string {
  const probe = document.createElement('span')
  probe.style.color =
    alpha === 1 ? `var(${property})` : `color-mix(in srgb, var(${property}) ${alpha * 100}%, transparent)`
  element.append(probe)
  const color = getComputedStyle(probe).color
  probe.remove()
  return color
}

function optionsFor(element: HTMLElement, latest: { current: ChartProps }): uPlot.Options {
  const { lines, spanMs, atLeast, format } = latest.current
  const text = colorOf(element, '--ink-muted')
  const grid = { stroke: colorOf(element, '--line-soft'), width: 1 }
  const font = `11px ${getComputedStyle(element).fontFamily}`
  const axis = { stroke: text, font, grid, ticks: { show: false }, border: { show: false } }
  const end = Date.now() / 1000
  return {
    width: element.clientWidth || 300,
    height: heightPixels,
    padding: [8, 4, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: {
      x: { time: true, min: end - spanMs / 1000, max: end },
      y: { range: (_plot, _low, high) => [0, niceTop(Math.max(high ?? 0, atLeast))] },
    },
    axes: [
      { ...axis, size: 22, space: 90, values: (_plot, ticks) => ticks.map((tick) => clock.format(tick * 1000)) },
      { ...axis, size: 58, space: 36, values: (_plot, ticks) => ticks.map((tick) => format(tick)) },
    ],
    series: [
      {},
      ...lines.map(({ label, color, filled }) => ({
        label,
        stroke: colorOf(element, color),
        width: 1.5,
        points: { show: false },
        ...(filled ? { fill: colorOf(element, color, 0.12) } : {}),
      })),
    ],
    hooks: {
      setCursor: [
        (made) => {
          const at = made.cursor.idx
          const inside = at != null && (made.cursor.left ?? -1) >= 0
          latest.current.onHover(inside ? made.data.slice(1).map((column) => column[at]) : undefined)
        },
      ],
    },
  }
}

/** The next 1, 2, 3, 5 or 8 times a power of ten, with a little air. */
function niceTop(value: number): number {
  const wanted = value * 1.08
  const power = 10 ** Math.floor(Math.log10(wanted))
  return power * ([1, 2, 3, 5, 8, 10].find((factor) => factor * power >= wanted) ?? 10)
}

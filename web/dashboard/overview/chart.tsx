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
  /** Where its unit is not that of the scale. */
  format?: (value: number) => string
}

/** What the lines show where the pointer is. */
export interface Hovered {
  readonly clock: string
  readonly values: readonly (number | null | undefined)[]
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
  /** Whether the scale counts in steps of 1024. */
  isBinary?: boolean | undefined
  onHover: (hovered: Hovered | undefined) => void
}

const heightPixels = 132
/** Seconds between two times on the axis. */
const timeSteps = [10, 20, 30, 60, 120, 300]
const binarySteps = Array.from({ length: 44 }, (_, power) => 2 ** power)
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' })
const minute = new Intl.DateTimeFormat(undefined, { timeStyle: 'short', hourCycle: 'h23' })
const timeOf = (tick: number): string => (tick % 60 === 0 ? minute : clock).format(tick * 1000)

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
  const { lines, spanMs, atLeast, format, isBinary } = latest.current
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
      y: { range: (_plot, _low, high) => [0, niceTop(Math.max(high ?? 0, atLeast), isBinary)] },
    },
    axes: [
      { ...axis, size: 22, space: 56, incrs: timeSteps, values: (_plot, ticks) => ticks.map(timeOf) },
      {
        ...axis,
        size: 58,
        space: 36,
        values: (_plot, ticks) => ticks.map((tick) => format(tick)),
        ...(isBinary ? { incrs: binarySteps } : {}),
      },
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
          const values = made.data.slice(1).map((column) => column[at!])
          latest.current.onHover(inside ? { clock: clock.format(made.data[0][at]! * 1000), values } : undefined)
        },
      ],
    },
  }
}

/** The next 1, 2, 3, 5 or 8 times a power of ten, with a little air. */
function niceTop(value: number, isBinary = false): number {
  const wanted = value * 1.08
  if (isBinary) {
    const step = binarySteps.find((each) => 4 * each >= wanted)!
    return step * Math.ceil(wanted / step)
  }
  const power = 10 ** Math.floor(Math.log10(wanted))
  return power * ([1, 2, 3, 5, 8, 10].find((factor) => factor * power >= wanted) ?? 10)
}

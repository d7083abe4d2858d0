// Progress of an import or export: a bar with rate and time left on a terminal, nothing elsewhere.
import type { Writable } from 'node:stream'
import { Presets, SingleBar } from 'cli-progress'

export const formatCount = (count: number) => Math.round(count).toLocaleString('en-US')

export interface Progress {
  /** `position` is in the unit of `total`; `records` counts what is done for certain. */
  update(position: number, records: number): void
  stop(): void
}

/** The most a bar is redrawn: ten times a second. */
const framesPerSecond = 10

/** A bar up to `total`; without one, as for a pipe, a count. */
export function startProgress(stream: Writable & { isTTY?: boolean }, total: number | undefined): Progress {
  if (!stream.isTTY) return { update() {}, stop() {} }
  const known = '{bar} {percentage} % | {records} records | {rate}/s | {left}'
  const unknown = '{records} records | {rate}/s'
  const options = { stream, fps: framesPerSecond, hideCursor: true, clearOnComplete: true, barsize: 30 }
  const bar = new SingleBar({ ...options, format: total === undefined ? unknown : known }, Presets.shades_classic)
  const started = performance.now()
  bar.start(total ?? 1, 0, { records: 0, rate: 0, left: '' })
  return {
    update(position, records) {
      const seconds = (performance.now() - started) / 1000
      const left = total === undefined || position === 0 ? '' : timeText((seconds * (total - position)) / position)
      bar.update(Math.min(position, total ?? 0), {
        records: formatCount(records),
        rate: formatCount(records / seconds),
        left,
      })
    },
    stop: () => bar.stop(),
  }
}

function timeText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const pad = (number: number) => String(number).padStart(2, '0')
  const minutes = Math.floor(whole / 60)
  return minutes < 60
    ? `${minutes}:${pad(whole % 60)} left`
    : `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(whole % 60)} left`
}

// Reads the gateway's metrics once a second while the page is looked at, and keeps ten minutes of them.
import { effect, signal } from '@preact/signals'
import { baseUrl, visible } from '../kv.ts'
import type { Scrape } from './metrics.ts'
import { parseMetrics } from './metrics.ts'
import type { Reading, TimedScrape } from './readings.ts'
import { readingOf, remember } from './readings.ts'

const keepMs = 600_000
const everyMs = 1_000
/** Scrapes farther apart than this make no rate: what happened between is not known. */
const farApartMs = 5_000
/** Quantiles are taken over this time. */
const windowMs = 10_000

export const history = signal<readonly Reading[]>([])
/** Why the last scrape failed; undefined when it did not. */
export const scrapeError = signal<string | undefined>(undefined)
export interface Health {
  alive: boolean
  ready: boolean
}
export const health = signal<Health | undefined>(undefined)

let recent: TimedScrape[] = []

async function fetchHere(path: string): Promise<Response> {
  return fetch(new URL(path, baseUrl), { cache: 'no-store', signal: AbortSignal.timeout(5_000) })
}

const startOf = (scrape: Scrape) => scrape.get('process_start_time_seconds')?.[0]?.value

async function sample(): Promise<void> {
  const answer = await fetchHere('metrics')
  if (!answer.ok) throw new Error(`/metrics answered ${answer.status}`)
  const scrape = parseMetrics(await answer.text())
  const at = performance.now()
  const before = recent.at(-1)
  // A gateway that was started again counts from 0.
  const follows = before && at - before.at < farApartMs && startOf(before.scrape) === startOf(scrape)
  recent = follows ? [...recent.filter((old) => at - old.at <= windowMs), { scrape, at }] : [{ scrape, at }]
  if (recent.length > 1) history.value = remember(history.peek(), readingOf(Date.now(), recent), keepMs)
  scrapeError.value = undefined
}

async function checkHealth(): Promise<void> {
  const answers = (path: string) =>
    fetchHere(path)
      .then(({ ok }) => ok)
      .catch(() => false)
  const [alive, ready] = await Promise.all([answers('healthz'), answers('readyz')])
  const before = health.peek()
  if (before?.alive !== alive || before.ready !== ready) health.value = { alive, ready }
}

/** Starts sampling; answers how to stop. It rests while the page is hidden. */
export function startSampling(): () => void {
  return effect(() => {
    if (!visible.value) return
    let turns = 0
    let busy = false
    const turn = async () => {
      if (busy) return
      busy = true
      if (turns++ % 5 === 0 || health.peek()?.ready === false) await checkHealth()
      await sample().catch((error: Error) => {
        scrapeError.value = error.message
      })
      busy = false
    }
    const first = setTimeout(turn, 0)
    const timer = setInterval(turn, everyMs)
    return () => {
      clearTimeout(first)
      clearInterval(timer)
    }
  })
}

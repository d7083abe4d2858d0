// A real Chromium for the tests, headless and without background traffic.
import { type Browser, chromium, type Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { findBrowser } from '../../.ci/browser.js'

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A new browser. The caller closes it, or uses `openPage`. Throws if there is no Chromium. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: findBrowser(), args: flags })
}

export interface OpenPage {
  readonly page: Page
  /** What went wrong in the page so far: uncaught errors, and messages that its console shows as errors. */
  readonly errors: readonly string[]
}

/** A page in a browser of its own, which closes when the test that asked for it ends. */
export async function openPage(): Promise<OpenPage> {
  const browser = await launchBrowser()
  onTestFinished(() => browser.close())
  const page = await browser.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  return { page, errors }
}

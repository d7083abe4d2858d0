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

/** What Playwright switches off that a test may want to have. */
const noPageCache = '--disable-back-forward-cache'

/**
 * A new browser. The caller closes it; `openPage` does so by itself. Throws where there is no Chromium. With `keepsPages`
 * a page that is left goes into the back-forward cache.
 */
export function launchBrowser({ keepsPages = false } = {}): Promise<Browser> {
  const ignoreDefaultArgs = keepsPages ? [noPageCache] : []
  return chromium.launch({ executablePath: findBrowser(), args: flags, ignoreDefaultArgs })
}

export interface OpenPage {
  readonly page: Page
  /** What went wrong in the page so far: uncaught errors, and messages that its console shows as errors. */
  readonly errors: readonly string[]
}

/** A page in a browser of its own, which closes when the test that asked for it ends. */
export async function openPage(options?: Parameters<typeof launchBrowser>[0]): Promise<OpenPage> {
  const browser = await launchBrowser(options)
  onTestFinished(() => browser.close())
  const page = await browser.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  return { page, errors }
}

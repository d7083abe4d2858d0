// The dashboard's one connection, its state as signals, and the list of tables. It knows no element of the page.
import { effect, signal } from '@preact/signals'
import type { ConnectionState, Kvass, TableInfo, Welcome } from '../sdk/index.ts'
import { connect, KvassError } from '../sdk/index.ts'
import { type StoredTable, storedTable } from '../sdk/stored.ts'

/** Where the gateway serves this page, wherever it is mounted: scripts lie in a folder below. */
export const baseUrl = new URL(/* @vite-ignore */ '..', import.meta.url)

function open(): Kvass {
  const url = new URL('ws', baseUrl)
  url.protocol = baseUrl.protocol === 'https:' ? 'wss:' : 'ws:'
  // Somebody is looking: a gateway that comes back should be seen within seconds.
  return connect(url.href, { reconnect: { baseMs: 200, maxMs: 4_000 } })
}

export const kv = open()
/** A table whose values are as the gateway keeps them. */
export const stored = (table: string): StoredTable => storedTable(kv, table)
export const connection = signal<ConnectionState>(kv.state)
export const welcome = signal<Welcome | undefined>(kv.welcome)
/** Why the connection was lost, and when the next attempt is (`performance.now()`); undefined while it is open. */
export const lost = signal<{ reason: string; retryAt: number | undefined } | undefined>(undefined)
/** Whether this page is being looked at. */
export const visible = signal(document.visibilityState === 'visible')
export const tables = signal<readonly TableInfo[] | undefined>(undefined)
export const tablesError = signal<string | undefined>(undefined)

kv.on('state', (state) => {
  connection.value = state
})
kv.on('open', (answer) => {
  welcome.value = answer
  lost.value = undefined
})
kv.on('disconnect', ({ code, reason, retryMs }) => {
  const why = reason === '' ? `code ${code}` : reason
  lost.value = { reason: why, retryAt: retryMs === undefined ? undefined : performance.now() + retryMs }
})
document.addEventListener('visibilitychange', () => {
  visible.value = document.visibilityState === 'visible'
})

/** A sentence for whatever a call threw. */
export function sentence(error: unknown): string {
  if (error instanceof KvassError) return `${capital(error.message)} (status ${error.status})`
  return error instanceof Error ? capital(error.message) : String(error)
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Reads the tables again; what was known stays where that fails. */
export async function refreshTables(): Promise<void> {
  try {
    const found = await kv.tables()
    tables.value = found
    tablesError.value = undefined
  } catch (error) {
    tablesError.value = sentence(error)
  }
}

/** Calls `task` now and then every `everyMs` while the page is looked at and connected; answers how to stop. */
export function whileVisible(task: () => Promise<void>, everyMs: number): () => void {
  return effect(() => {
    if (!visible.value || connection.value !== 'open') return
    let stopped = false
    let timer = 0
    const turn = async () => {
      await task()
      if (!stopped) timer = window.setTimeout(turn, everyMs)
    }
    // Not within the effect: what the task reads must not start it again.
    timer = window.setTimeout(turn, 0)
    return () => {
      stopped = true
      window.clearTimeout(timer)
    }
  })
}

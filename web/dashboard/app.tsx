// The page around the rooms: where one goes, whether the gateway is there, light or dark.
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { LocationProvider, lazy, Route, Router, useLocation } from 'preact-iso'
import { connection, lost } from './kv.ts'
import { dataAddress, overviewAddress, routes } from './shell/addresses.ts'
import { Asker } from './shell/ask.tsx'
import { Mark, MoonIcon, SunIcon, WarningIcon } from './shell/icons.tsx'
import { theme, toggleTheme } from './shell/theme.ts'
import { Toast } from './shell/toast.tsx'

const Overview = lazy(() => import('./overview/room.tsx').then((room) => room.Overview))
const Data = lazy(() => import('./data/room.tsx').then((room) => room.Data))

export function App(): JSX.Element {
  return (
    <LocationProvider>
      <Page />
    </LocationProvider>
  )
}

function Page(): JSX.Element {
  return (
    <>
      <TopBar />
      <LostBanner />
      <Rooms />
      <Asker />
      <Toast />
    </>
  )
}

function Rooms(): JSX.Element {
  const { path } = useLocation()
  if (!isDecodable(path)) return <Nowhere />
  return (
    <Router>
      <Route path={routes.overview} component={Overview} />
      <Route path={routes.data} component={Data} />
      <Route default component={Nowhere} />
    </Router>
  )
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}

function TopBar(): JSX.Element {
  const { path } = useLocation()
  const inData = path.startsWith(dataAddress())
  const main = useRef<HTMLElement | null>(null)
  return (
    <header class="topbar">
      <button
        type="button"
        class="skip button"
        onClick={() => {
          main.current = document.querySelector('main')
          main.current?.focus()
        }}
      >
        Skip to content
      </button>
      <a class="brand" href={overviewAddress} aria-label="Kvass, overview">
        <Mark />
        <span>Kvass</span>
      </a>
      <nav aria-label="Rooms">
        <a href={overviewAddress} aria-current={inData ? undefined : 'page'}>
          Overview
        </a>
        <a href={dataAddress()} aria-current={inData ? 'page' : undefined}>
          Data
        </a>
      </nav>
      <span class="spring" />
      <ConnectionMark />
      <button
        type="button"
        class="button quiet square"
        aria-label={theme.value === 'dark' ? 'Switch to light' : 'Switch to dark'}
        title={theme.value === 'dark' ? 'Switch to light' : 'Switch to dark'}
        onClick={toggleTheme}
      >
        {theme.value === 'dark' ? <SunIcon /> : <MoonIcon />}
      </button>
    </header>
  )
}

const stateWords = { connecting: 'Connecting', open: 'Connected', waiting: 'Disconnected', closed: 'Closed' } as const

function ConnectionMark(): JSX.Element {
  const state = connection.value
  return (
    <span class={`connection ${state}`} role="status">
      <span class="dot" aria-hidden="true" />
      {stateWords[state]}
    </span>
  )
}

/** Says that the gateway is gone, why, and when it is tried again. */
function LostBanner(): JSX.Element | null {
  const gone = lost.value
  const [now, setNow] = useState(performance.now())
  const retryAt = gone?.retryAt
  useEffect(() => {
    if (retryAt === undefined) return
    setNow(performance.now())
    const timer = setInterval(() => setNow(performance.now()), 250)
    return () => clearInterval(timer)
  }, [retryAt])
  if (!gone) return null
  const left = retryAt === undefined ? undefined : Math.ceil((retryAt - now) / 1000)
  return (
    <div class="banner" role="alert">
      <WarningIcon />
      <span>
        <strong>The gateway is not connected</strong> ({gone.reason}). What you see may be old.
      </span>
      <span class="spring" />
      {left === undefined ? (
        <button type="button" class="button" onClick={() => location.reload()}>
          Reload
        </button>
      ) : (
        // A screen reader need not hear every second.
        <span class="countdown" aria-live="off">
          {left > 0 ? `Next try in ${left} s` : 'Trying now…'}
        </span>
      )}
    </div>
  )
}

function Nowhere(): JSX.Element {
  return (
    <main class="nowhere" tabIndex={-1}>
      <h1>There is nothing here</h1>
      <p>This address names no room of the dashboard.</p>
      <a class="button primary" href={overviewAddress}>
        Go to the overview
      </a>
    </main>
  )
}

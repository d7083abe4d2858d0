// The page around the SDK, where there is one: when its network goes, when it is frozen or put into the browser's
// back-forward cache, and when it is there again.

export type PageEvent = 'wake' | 'frozen' | 'offline'

const names = 'online offline freeze resume pagehide pageshow visibilitychange'

/** Tells `listener` until the function that it answers is called. */
export function onPage(listener: (event: PageEvent) => void): () => void {
  const life = new AbortController()
  // Those of the document do not bubble, but are captured.
  const options = { capture: true, signal: life.signal }
  const hear = ({ type, persisted }: PageTransitionEvent) => {
    // A page that is shown for the first time, or left for good, says so as well.
    if (persisted === false) return
    if (type === 'offline') listener(type)
    else if (type === 'freeze' || type === 'pagehide') listener('frozen')
    else if (!globalThis.document?.hidden) listener('wake')
  }
  for (const name of names.split(' ')) globalThis.addEventListener?.(name, hear as (event: Event) => void, options)
  return () => life.abort()
}

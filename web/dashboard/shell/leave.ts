// Keeps the user from losing an unsaved edit: by a link, by the back button, by closing the tab.
import { signal } from '@preact/signals'
import { ask } from './ask.tsx'

/** What would be lost by leaving, as in "The edit of berlin"; undefined: nothing. */
export const unsaved = signal<string | undefined>(undefined)

/** Whether the user may go elsewhere: asks where an edit would be lost, and lets go of it when told to. */
export async function mayLeave(): Promise<boolean> {
  const what = unsaved.peek()
  if (what === undefined) return true
  const yes = await ask({
    title: 'Discard your edit?',
    text: `${what} has not been saved.`,
    yes: 'Discard',
    no: 'Keep editing',
  })
  if (yes) unsaved.value = undefined
  return yes
}

/** Stands before the router, which listens to the same events later. `go` takes the page to an address. */
export function guardLeaving(go: (url: string) => void): () => void {
  let here = location.href
  const onClick = (event: MouseEvent) => {
    const link = event.composedPath().find((target) => target instanceof HTMLAnchorElement)
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey
    if (unsaved.peek() === undefined || !link || !isPlain || link.download !== '' || link.origin !== location.origin)
      return
    event.preventDefault()
    event.stopImmediatePropagation()
    const url = link.pathname + link.search
    void mayLeave().then((yes) => yes && go(url))
  }
  const onPop = (event: PopStateEvent) => {
    if (unsaved.peek() === undefined) {
      here = location.href
      return
    }
    event.stopImmediatePropagation()
    const url = location.pathname + location.search
    history.pushState(null, '', here)
    void mayLeave().then((yes) => yes && go(url))
  }
  const onUnload = (event: BeforeUnloadEvent) => {
    if (unsaved.peek() !== undefined) event.preventDefault()
  }
  const stopWatching = unsaved.subscribe(() => {
    here = location.href
  })
  addEventListener('click', onClick, true)
  addEventListener('popstate', onPop, true)
  addEventListener('beforeunload', onUnload)
  return () => {
    stopWatching()
    removeEventListener('click', onClick, true)
    removeEventListener('popstate', onPop, true)
    removeEventListener('beforeunload', onUnload)
  }
}

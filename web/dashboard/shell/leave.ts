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

/** Listens to the events that the router listens to; must be called before it does, so that it is asked first. */
export function guardLeaving(): void {
  let here = location.href
  unsaved.subscribe(() => {
    here = location.href
  })
  addEventListener(
    'click',
    (event) => {
      const link = event.composedPath().find((target) => target instanceof HTMLAnchorElement)
      const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey
      const isOurs = link !== undefined && link.download === '' && link.origin === location.origin
      if (unsaved.peek() === undefined || !isPlain || !isOurs) return
      event.preventDefault()
      event.stopImmediatePropagation()
      void leaveFor(link.href)
    },
    true,
  )
  addEventListener('popstate', (event) => {
    if (unsaved.peek() === undefined) return
    event.stopImmediatePropagation()
    const wanted = location.href
    history.pushState(null, '', here)
    void leaveFor(wanted)
  })
  addEventListener('beforeunload', (event) => {
    if (unsaved.peek() !== undefined) event.preventDefault()
  })
}

async function leaveFor(href: string): Promise<void> {
  if (!(await mayLeave())) return
  history.pushState(null, '', href)
  dispatchEvent(new PopStateEvent('popstate'))
}

// What is shown when somebody else wrote the entry meanwhile: both values, and the choice between them.
import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { Stored } from '../../sdk/stored.ts'
import { bytes, exact } from '../format.ts'
import { ask } from '../shell/ask.tsx'
import { WarningIcon } from '../shell/icons.tsx'
import { beginningOf, sizeOf, typeOf } from './drafts.ts'
import { typeNames } from './editors.tsx'
import { type Other, otherOf, type Seen } from './seen.ts'

/** Characters of each value; the rest is an ellipsis. */
const shownCharacters = 2_048

function Value({ title, value }: { title: string; value: Stored | undefined }): JSX.Element {
  const text = useMemo(() => value && beginningOf(value, shownCharacters), [value])
  return (
    <figure class="one-value">
      <figcaption>
        <strong>{title}</strong>{' '}
        {value && (
          <span class="muted">
            {typeNames[typeOf(value)]}, {bytes(sizeOf(value))}
          </span>
        )}
      </figcaption>
      {text === undefined ? (
        <p class="muted">No entry.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        <pre class="literal" tabIndex={0}>
          {text}
          {text.length === shownCharacters && '…'}
        </pre>
      )}
    </figure>
  )
}

interface BothProps {
  mine: Stored | undefined
  mineTitle: string
  theirs: Other
}

function BothValues({ mine, mineTitle, theirs }: BothProps): JSX.Element {
  const isGone = theirs === 'gone'
  const title = isGone ? 'Now' : `Now, revision ${exact(theirs.revision)}`
  return (
    <div class="both-values">
      <Value title={mineTitle} value={mine} />
      <Value title={title} value={isGone ? undefined : theirs.value} />
    </div>
  )
}

interface ConflictProps extends BothProps {
  text: string
  /** The buttons of the choice. */
  children: ComponentChildren
}

export function Conflict({ text, children, ...both }: ConflictProps): JSX.Element {
  const element = useRef<HTMLElement>(null)
  // On a small screen it may be below what is seen.
  useEffect(() => element.current!.scrollIntoView({ block: 'nearest' }), [])
  return (
    <section ref={element} class="conflict" role="alert">
      <p>
        <WarningIcon /> {text}
      </p>
      <BothValues {...both} />
      <div class="choice">{children}</div>
    </section>
  )
}

interface Act<Result> {
  /** Does it, if the entry still has that revision. */
  act: (revision: number) => Promise<Result>
  /** What the user wants to be there, and what it is called. */
  mine: Stored | undefined
  mineTitle: string
  title: string
  yes: string
}

/**
 * Acts on the entry that was seen. Where another one is there, it is shown, and the user says whether to act on that:
 * what is `met` was not acted on.
 */
export async function actOn<Result>(
  entry: Seen,
  { act, yes, title, ...mine }: Act<Result>,
): Promise<{ done: Result; met?: undefined } | { done?: undefined; met: Other }> {
  for (let over = entry; ; ) {
    try {
      return { done: await act(over.revision) }
    } catch (error) {
      const theirs = otherOf(error)
      if (theirs === undefined) throw error
      if (theirs === 'gone') return { met: theirs }
      const text = `Somebody wrote revision ${exact(theirs.revision)} since you looked at it.`
      if (!(await ask({ title, text, yes, details: <BothValues {...mine} theirs={theirs} /> }))) return { met: theirs }
      over = theirs
    }
  }
}

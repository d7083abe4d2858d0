// The keys of a table in order, as many as there are: only those in view are in the page, only those near it in
// memory. Arrows, Page Up and Down, Home and End move through it.
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { plural } from '../format.ts'
import { escaped, Name } from '../shell/names.tsx'
import type { KeyPages } from './key-pages.ts'
import { placeOf, useKeys } from './use-keys.ts'
import { rowPixels, type ScrollView, useScroll } from './use-scroll.ts'

interface KeyListProps {
  table: string
  prefix: string
  selected: string | undefined
  /** The table's last revision: when it changes, what is in view is read again. */
  revision: number | undefined
  /** Entries of the table. */
  total: number | undefined
  onOpen: (key: string, how: 'click' | 'move') => void
  onCount: (count: number, isExact: boolean) => void
}

export function KeyList(props: KeyListProps): JSX.Element {
  const { table, prefix, selected, total, onOpen, onCount } = props
  const scroll = useScroll()
  const { pages, isLoaded, problem, retry } = useKeys(props, (loaded) => scroll.rows(loaded.length))
  const { length } = pages
  const { active, setActive, onKeyDown } = useActive(pages, scroll, selected, onOpen)
  useReveal(props, pages, isLoaded, scroll)
  useEffect(() => {
    setActive(undefined)
    scroll.toTop()
  }, [pages])

  const known = prefix === '' ? total : undefined
  const isExact = pages.isCounted || known !== undefined
  useEffect(() => onCount(known ?? length, isExact), [known, length, isExact])

  const { first, last } = scroll.rows(length)
  const { height, offset } = scroll.space()
  const indexes = length === 0 ? [] : Array.from({ length: last - first + 1 }, (_, row) => first + row)
  const isWalking = isLoaded && length > 0 && pages.at(Math.min(last, first + 10)) === undefined
  const isEmpty = isLoaded && length === 0

  return (
    <div class="key-list">
      <div
        ref={scroll.viewport}
        class="key-viewport"
        role="listbox"
        tabIndex={0}
        aria-label={
          prefix === '' ? `Keys of ${escaped(table)}` : `Keys of ${escaped(table)} that begin with ${escaped(prefix)}`
        }
        aria-activedescendant={active === undefined || isEmpty ? undefined : `key-${active}`}
        aria-busy={!isLoaded}
        onScroll={scroll.onScroll}
        onKeyDown={onKeyDown}
      >
        <div class="key-space" role="presentation" style={{ height: `${height}px` }}>
          {indexes.map((index) => (
            <Row
              key={index}
              index={index}
              name={pages.at(index)}
              place={index * rowPixels - offset}
              total={length}
              isSelected={selected !== undefined && pages.at(index) === selected}
              isActive={index === active}
              onClick={() => {
                const key = pages.at(index)
                setActive(index)
                if (key !== undefined) onOpen(key, 'click')
              }}
            />
          ))}
        </div>
        {!isLoaded && problem === undefined && <Skeletons />}
      </div>
      {isEmpty && (
        <p class="pane-empty muted">{prefix === '' ? 'This table has no entry.' : 'No key begins with that.'}</p>
      )}
      <p class="key-status" role="status">
        {isWalking && problem === undefined ? `Going there: ${plural(pages.walked, 'key')} passed…` : ''}
      </p>
      {problem !== undefined && (
        <div class="notice bad" role="alert">
          <span>{problem}</span>
          <button type="button" class="button small" onClick={retry}>
            Try again
          </button>
        </div>
      )}
    </div>
  )
}

/** Moving along the keys opens the one where it rests for this long. */
const openMs = 160

/** The place that the keyboard is at, and how keys move it. */
function useActive(
  pages: KeyPages,
  scroll: ScrollView,
  selected: string | undefined,
  onOpen: (key: string, how: 'click' | 'move') => void,
) {
  const [active, setActive] = useState<number | undefined>(undefined)
  const opening = useRef(0)
  useEffect(() => () => clearTimeout(opening.current), [])

  const open = (index: number, how: 'click' | 'move') => {
    const key = pages.at(index)
    if (key !== undefined) onOpen(key, how)
  }
  const move = (to: number) => {
    const index = Math.max(0, Math.min(pages.length - 1, to))
    setActive(index)
    scroll.show(index)
    clearTimeout(opening.current)
    opening.current = window.setTimeout(() => open(index, 'move'), openMs)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || pages.length === 0) return
    const at = active ?? (selected === undefined ? undefined : pages.indexOf(selected)) ?? -1
    const step = Math.max(1, scroll.rowsInView - 1)
    const places: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + step,
      PageUp: at - step,
      Home: 0,
      End: pages.length - 1,
    }
    const place = places[event.key]
    const isOpener = event.key === 'Enter' || event.key === ' '
    if (place === undefined && !isOpener) return
    event.preventDefault()
    if (place !== undefined) move(place)
    else if (at >= 0) open(at, 'click')
  }
  return { active, setActive, onKeyDown }
}

/** Brings the selected key into view when it was chosen elsewhere: by an address, or by being created. */
function useReveal(props: KeyListProps, pages: KeyPages, isLoaded: boolean, scroll: ScrollView): void {
  const { table, prefix, selected } = props
  const latest = useRef(scroll)
  latest.current = scroll
  useEffect(() => {
    if (!isLoaded || selected === undefined || !selected.startsWith(prefix)) return
    const place = pages.indexOf(selected)
    if (place !== undefined) return latest.current.center(place)
    let isOver = false
    placeOf(table, prefix, selected).then(
      (found) => {
        if (!isOver && found !== undefined && found < pages.length) latest.current.center(found)
      },
      () => {}, // The list stays where it is.
    )
    return () => {
      isOver = true
    }
  }, [pages, isLoaded, selected])
}

interface RowProps {
  index: number
  name: string | undefined
  place: number
  total: number
  isSelected: boolean
  isActive: boolean
  onClick: () => void
}

function Row({ index, name, place, total, isSelected, isActive, onClick }: RowProps): JSX.Element {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys and names its active option.
    // biome-ignore lint/a11y/useFocusableInteractive: the same.
    <div
      id={`key-${index}`}
      class={isActive ? 'key-row active' : 'key-row'}
      role="option"
      aria-selected={isSelected}
      aria-posinset={index + 1}
      aria-setsize={total}
      aria-label={name === undefined ? 'Loading' : undefined}
      style={{ transform: `translateY(${place}px)` }}
      onClick={onClick}
    >
      {name === undefined ? (
        <span class="skeleton" />
      ) : (
        <span class="key-name" title={escaped(name)}>
          <Name name={name} />
        </span>
      )}
    </div>
  )
}

const skeletonWidths = [52, 60, 44, 57, 48, 63, 40]

function Skeletons(): JSX.Element {
  return (
    <ul class="skeletons" aria-hidden="true">
      {skeletonWidths.map((width) => (
        <li key={width} style={{ width: `${width}%` }} />
      ))}
    </ul>
  )
}

// The keys of a table in order, as many as there are: only those in view are in the page, only those near it in
// memory. Arrows, Page Up and Down, Home and End move through it.
import type { JSX, TargetedEvent } from 'preact'
import { useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks'
import { plural } from '../format.ts'
import { connection, kv, sentence } from '../kv.ts'
import { type KeyFetch, KeyPages } from './key-pages.ts'
import { TallScroll } from './tall-scroll.ts'

interface KeyListProps {
  table: string
  prefix: string
  selected: string | undefined
  /** The table's last revision: when it changes, what is in view is read again. */
  revision: number | undefined
  /** Entries of the table, while no prefix is searched for. */
  total: number | undefined
  onOpen: (key: string, how: 'click' | 'move') => void
  onCount: (count: number, isExact: boolean) => void
}

const rowPixels = 32
/** Rows drawn beyond the edges, so that a fast wheel finds no hole. */
const margin = 10
/** A drag of the scrollbar passes many places: only where it rests for this long is loaded. */
const restMs = 40

const fetcher =
  (table: string, prefix: string): KeyFetch =>
  async ({ start, end, reverse, limit }, signal) => {
    const keys: string[] = []
    let cursor: Uint8Array | undefined
    do {
      const page = await kv.table(table).page({
        ...(prefix === '' ? {} : { prefix }),
        ...(start === undefined ? {} : { start }),
        ...(end === undefined ? {} : { end }),
        ...(cursor ? { cursor } : {}),
        limit: limit - keys.length,
        reverse,
        keysOnly: true,
        signal,
      })
      for (const { key } of page.entries) keys.push(key)
      cursor = page.cursor
    } while (cursor && keys.length < limit)
    return keys
  }

export function KeyList(props: KeyListProps): JSX.Element {
  const { table, prefix, selected, revision, total, onOpen, onCount } = props
  const [, redraw] = useReducer((turn: number) => turn + 1, 0)
  const pages = useMemo(() => new KeyPages(fetcher(table, prefix), () => redraw(undefined)), [table, prefix])
  const scroll = useMemo(() => new TallScroll(), [table, prefix])
  const viewport = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  const [height, setHeight] = useState(600)
  const [active, setActive] = useState<number | undefined>(undefined)
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const [loaded, setLoaded] = useState(false)
  const opening = useRef(0)

  const { length } = pages
  scroll.resize(length * rowPixels, height)
  const first = Math.max(0, Math.floor(top / rowPixels) - margin)
  const last = Math.min(length - 1, Math.ceil((top + height) / rowPixels) + margin)

  const load = () =>
    pages.load(first, Math.max(last, first + Math.ceil(height / rowPixels))).then(
      () => {
        setProblem(undefined)
        setLoaded(true)
      },
      (error: unknown) => setProblem(sentence(error)),
    )

  useEffect(() => {
    setLoaded(false)
    setTop(0)
    setActive(undefined)
    if (viewport.current) viewport.current.scrollTop = 0
    return () => pages.stop()
  }, [pages])

  const isOpen = connection.value === 'open'
  useEffect(() => {
    if (!isOpen) return
    const timer = setTimeout(load, loaded ? restMs : 0)
    return () => clearTimeout(timer)
  }, [pages, first, last, isOpen])

  // A newer revision: what is held may be old.
  const seen = useRef<{ pages: KeyPages; revision: number | undefined }>({ pages, revision })
  useEffect(() => {
    const isNewer = seen.current.pages === pages && seen.current.revision !== revision
    seen.current = { pages, revision }
    if (!isNewer || !isOpen) return
    pages.expire()
    void load()
  }, [pages, revision])

  useEffect(() => {
    if (prefix === '') {
      if (total !== undefined) pages.setTotal(total)
      return
    }
    if (!isOpen) return
    const stop = new AbortController()
    kv.table(table)
      .count({ prefix, signal: stop.signal, timeoutMs: 60_000 })
      .then(
        (found) => pages.setTotal(found),
        () => {}, // The pages themselves say how many there are, later.
      )
    return () => stop.abort()
  }, [pages, total, revision, isOpen])

  const isExact = pages.isComplete || (prefix === '' && total !== undefined)
  useEffect(() => onCount(prefix === '' && total !== undefined ? total : length, isExact), [length, isExact, total])

  useEffect(() => {
    const element = viewport.current
    if (!element) return
    const observer = new ResizeObserver(() => setHeight(element.clientHeight))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  const show = (index: number) => {
    const above = index * rowPixels
    const wanted = above < top ? above : above + rowPixels > top + height ? above + rowPixels - height : top
    if (wanted === top) return
    const place = scroll.to(wanted)
    setTop(place.top)
    // The spacer may have to be drawn at its new height before it can be scrolled so far.
    requestAnimationFrame(() => viewport.current && (viewport.current.scrollTop = place.scrollTop))
  }

  const move = (to: number) => {
    const index = Math.max(0, Math.min(length - 1, to))
    setActive(index)
    show(index)
    clearTimeout(opening.current)
    opening.current = window.setTimeout(() => {
      const key = pages.at(index)
      if (key !== undefined) onOpen(key, 'move')
    }, 160)
  }
  useEffect(() => () => clearTimeout(opening.current), [])

  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(height / rowPixels) - 1)
    const at = active ?? (selected === undefined ? undefined : pages.indexOf(selected)) ?? -1
    const places: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: length - 1,
    }
    const place = places[event.key]
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (place !== undefined) {
      event.preventDefault()
      move(place)
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      const key = at >= 0 ? pages.at(at) : undefined
      if (key !== undefined) onOpen(key, 'click')
    }
  }

  const onScroll = (event: TargetedEvent<HTMLDivElement>) => {
    const element = event.currentTarget
    const place = scroll.scrolled(element.scrollTop)
    if (Math.abs(place.scrollTop - element.scrollTop) >= 1) element.scrollTop = place.scrollTop
    setTop(place.top)
  }

  const rows: JSX.Element[] = []
  for (let index = first; index <= last; index++) {
    const key = pages.at(index)
    rows.push(
      <Row
        key={index}
        index={index}
        name={key}
        place={index * rowPixels - scroll.offset}
        total={length}
        isSelected={key !== undefined && key === selected}
        isActive={index === active}
        onOpen={() => {
          setActive(index)
          if (key !== undefined) onOpen(key, 'click')
        }}
      />,
    )
  }
  const isWalking = loaded && length > 0 && last >= first && pages.at(Math.min(last, first + margin)) === undefined
  const isEmpty = loaded && length === 0

  return (
    <div class="key-list">
      {/* biome-ignore lint/a11y/useSemanticElements: a <select> cannot hold a million options. */}
      <div
        ref={viewport}
        class="key-viewport"
        role={isEmpty ? 'region' : 'listbox'}
        tabIndex={0}
        aria-label={prefix === '' ? `Keys of ${table}` : `Keys of ${table} that begin with ${prefix}`}
        aria-activedescendant={active === undefined || isEmpty ? undefined : `key-${active}`}
        aria-busy={!loaded}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
      >
        {isEmpty ? (
          <p class="pane-empty muted">{prefix === '' ? 'This table has no entry.' : 'No key begins with that.'}</p>
        ) : (
          <div class="key-space" role="presentation" style={{ height: `${scroll.height}px` }}>
            {rows}
          </div>
        )}
        {!loaded && !problem && (
          <ul class="skeletons" aria-hidden="true">
            {[52, 60, 44, 57, 48, 63, 40].map((width) => (
              <li key={width} style={{ width: `${width}%` }} />
            ))}
          </ul>
        )}
      </div>
      <p class="key-status" role="status">
        {isWalking && !problem ? `Going there: ${plural(pages.walked, 'key')} passed…` : ''}
      </p>
      {problem && isOpen && (
        <div class="notice bad" role="alert">
          <span>{problem}</span>
          <button type="button" class="button small" onClick={() => void load()}>
            Try again
          </button>
        </div>
      )}
    </div>
  )
}

interface RowProps {
  index: number
  name: string | undefined
  place: number
  total: number
  isSelected: boolean
  isActive: boolean
  onOpen: () => void
}

function Row({ index, name, place, total, isSelected, isActive, onOpen }: RowProps): JSX.Element {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys, its options have none.
    // biome-ignore lint/a11y/useFocusableInteractive: focus stays on the list, which names its active option.
    <div
      id={`key-${index}`}
      class={`key-row${isActive ? ' active' : ''}`}
      role="option"
      aria-selected={isSelected}
      aria-posinset={index + 1}
      aria-setsize={total}
      aria-label={name === undefined ? 'Loading' : undefined}
      style={{ transform: `translateY(${place}px)` }}
      onClick={onOpen}
    >
      {name === undefined ? <span class="skeleton" /> : <span class="key-name">{name}</span>}
    </div>
  )
}

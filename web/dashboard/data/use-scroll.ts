// A scrolling window on rows of one height: which are in view, and how to bring one into it.
import type { RefObject, TargetedEvent } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { TallScroll } from './tall-scroll.ts'

export const rowPixels = 32
/** Rows drawn beyond the edges, so that a fast wheel finds no hole. */
const marginRows = 10

export interface ScrollView {
  readonly viewport: RefObject<HTMLDivElement | null>
  /** Rows that fit into the window. */
  readonly rowsInView: number
  readonly onScroll: (event: TargetedEvent<HTMLDivElement>) => void
  /** The first and last row to draw, of `length`. */
  readonly rows: (length: number) => { first: number; last: number }
  /** Height of the element that holds the rows, and what to subtract from a row's place. Valid after `rows`. */
  readonly space: () => { height: number; offset: number }
  /** Scrolls as little as needed to have the row in view. */
  readonly show: (index: number) => void
  /** Has the row in the middle of the window, unless it is in view. */
  readonly center: (index: number) => void
  readonly toTop: () => void
}

export function useScroll(): ScrollView {
  const viewport = useRef<HTMLDivElement>(null)
  const scroll = useMemo(() => new TallScroll(), [])
  const [top, setTop] = useState(0)
  const [height, setHeight] = useState(600)
  useEffect(() => {
    const element = viewport.current!
    const observer = new ResizeObserver(() => setHeight(element.clientHeight))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  const rows = (length: number) => {
    scroll.resize(length * rowPixels, height)
    const first = Math.max(0, Math.min(length - 1, Math.floor(top / rowPixels) - marginRows))
    const last = Math.ceil((top + height) / rowPixels) + marginRows
    return { first, last: length === 0 ? last : Math.min(length - 1, last) }
  }
  const goTo = (wanted: number) => {
    const place = scroll.to(wanted)
    setTop(place.top)
    // The space has to be drawn at its height before it can be scrolled so far.
    requestAnimationFrame(() => {
      if (viewport.current) viewport.current.scrollTop = place.scrollTop
    })
  }
  const show = (index: number) => {
    const above = index * rowPixels
    if (above < top) goTo(above)
    else if (above + rowPixels > top + height) goTo(above + rowPixels - height)
  }
  const center = (index: number) => {
    const above = index * rowPixels
    if (above < top || above + rowPixels > top + height) goTo(above - Math.floor(height / 2))
  }
  const onScroll = (event: TargetedEvent<HTMLDivElement>) => {
    const element = event.currentTarget
    const place = scroll.scrolled(element.scrollTop)
    if (Math.abs(place.scrollTop - element.scrollTop) >= 1) element.scrollTop = place.scrollTop
    setTop(place.top)
  }
  return {
    viewport,
    rowsInView: Math.max(1, Math.floor(height / rowPixels)),
    onScroll,
    rows,
    space: () => ({ height: scroll.height, offset: scroll.offset }),
    show,
    center,
    toTop: () => goTo(0),
  }
}

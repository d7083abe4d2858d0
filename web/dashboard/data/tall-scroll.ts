// Scrolling through more rows than a browser can make an element tall. The element is at most `maxHeight` pixels;
// a wheel or a key moves by true pixels, a drag of the scrollbar by proportion. It touches no DOM.
//
// The rows' space ("virtual") is laid over the element's space ("real") in pages: virtual = real + page * step.
// Both ends of both spaces fall together, and a page changes before its real places run out.

export interface ScrollPlace {
  /** Where the element must be scrolled to; equal to what it was unless a page boundary was crossed. */
  readonly scrollTop: number
  /** Where that is among the rows, in pixels. */
  readonly top: number
}

export class TallScroll {
  readonly #maxHeight: number
  #virtual = 0
  #viewport = 0
  #page = 0
  #scrollTop = 0

  /** Browsers draw elements of about 16 (Firefox) to 33 million pixels (Chromium). */
  constructor(maxHeight = 8_000_000) {
    this.#maxHeight = maxHeight
  }

  /** Height of the element that stands for all rows, in pixels. */
  get height(): number {
    return Math.min(this.#virtual, this.#maxHeight)
  }

  /** Subtract it from a row's place to get its place in the element. */
  get offset(): number {
    return Math.round(this.#page * this.#step)
  }

  get #lastPage(): number {
    return Math.ceil((this.#virtual - this.height) / (this.#maxHeight / 100))
  }

  get #step(): number {
    return this.#lastPage === 0 ? 0 : (this.#virtual - this.height) / this.#lastPage
  }

  /** Sets the height of all rows and of the window on them, in pixels. */
  resize(virtual: number, viewport: number): void {
    this.#virtual = virtual
    this.#viewport = viewport
    this.#page = Math.min(this.#page, this.#lastPage)
  }

  /** Tells that the element was scrolled. */
  scrolled(scrollTop: number): ScrollPlace {
    const isDrag = Math.abs(scrollTop - this.#scrollTop) > Math.max(this.#viewport, 1)
    if (!isDrag) return this.to(scrollTop + this.offset)
    this.#turnTo(scrollTop / Math.max(1, this.height - this.#viewport))
    this.#scrollTop = scrollTop
    return { scrollTop, top: scrollTop + this.offset }
  }

  /** Where the element must be scrolled to so that the rows from pixel `virtual` on are seen. */
  to(virtual: number): ScrollPlace {
    const range = Math.max(0, this.#virtual - this.#viewport)
    const top = Math.max(0, Math.min(virtual, range))
    this.#turnTo(top / Math.max(1, range))
    this.#scrollTop = top - this.offset
    return { scrollTop: this.#scrollTop, top }
  }

  #turnTo(share: number): void {
    this.#page = Math.min(this.#lastPage, Math.floor(share * (this.#lastPage + 1)))
  }
}

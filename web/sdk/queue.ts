// A queue, first in, first out, that stays fast however long it gets. It knows nothing of what is in it.

export class Queue<Item> {
  #items: Item[] = []
  #head = 0

  get length(): number {
    return this.#items.length - this.#head
  }

  get first(): Item | undefined {
    return this.#items[this.#head]
  }

  get last(): Item | undefined {
    return this.#items.at(-1)
  }

  push(item: Item): void {
    this.#items.push(item)
  }

  shift(): Item | undefined {
    const item = this.first
    // What was taken is let go of in one step for many: `Array.shift` moves all that is left each time.
    if (++this.#head * 2 >= this.#items.length) this.replace(this.#items.slice(this.#head))
    return item
  }

  /** Takes out the last. */
  pop(): Item | undefined {
    return this.#items.pop()
  }

  /** What is in it, in order. */
  items(): Item[] {
    return this.#items.slice(this.#head)
  }

  /** Takes an array for what is in it. */
  replace(items: Item[]): void {
    this.#items = items
    this.#head = 0
  }
}

// Between an editor and its owner no keystroke is lost, however late the owner shows what it was told.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Code } from '../../../web/dashboard/editor/codemirror.ts'
import { TextTeller } from '../../../web/dashboard/editor/text-teller.ts'

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('window', globalThis)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function started(text: string) {
  const told: string[] = []
  let edits = 0
  let onEdit = () => {}
  const code = {
    text,
    get length(): number {
      return this.text.length
    },
    replace: (next: string) => type(next),
    setInvalid: () => {},
    focus: () => {},
    destroy: () => {},
  } satisfies Code
  const type = (next: string) => {
    code.text = next
    onEdit()
  }
  const teller = new TextTeller(
    (listener) => {
      onEdit = listener
      return code
    },
    (next) => told.push(next),
    () => edits++,
  )
  return { code, told, teller, type, edits: () => edits }
}

test('a short text is told of at once, and what the owner shows late takes nothing back', () => {
  const { code, told, teller, type } = started('')
  type('a')
  type('ab')
  teller.show('a')
  expect(code.text).toBe('ab')
  type('abc')
  teller.show('ab')
  teller.show('abc')
  expect(code.text).toBe('abc')
  expect(told).toEqual(['a', 'ab', 'abc'])
})

test('a text from elsewhere is shown, and not told of', () => {
  const { code, told, teller, type } = started('first')
  teller.show('second')
  expect(code.text).toBe('second')
  type('third')
  teller.show('second')
  expect(code.text).toBe('second')
  expect(told).toEqual(['third'])
})

test('a long text is told of when typing rests, or when it is asked for', () => {
  const long = 'x'.repeat(40_000)
  const { told, teller, type, edits } = started(long)
  type(`${long}a`)
  type(`${long}ab`)
  expect(told).toEqual([])
  expect(edits()).toBe(2)
  vi.advanceTimersByTime(249)
  expect(told).toEqual([])
  vi.advanceTimersByTime(1)
  expect(told).toEqual([`${long}ab`])
  type(`${long}abc`)
  teller.tell()
  expect(told).toHaveLength(2)
  vi.advanceTimersByTime(1_000)
  expect(told).toHaveLength(2)
})

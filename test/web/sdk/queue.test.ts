// The queue against an array, step by step, at random.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Queue } from '../../../web/sdk/queue.ts'

test('a queue does what an array does', () => {
  const step = fc.oneof(fc.nat(99), fc.constantFrom('shift', 'shift', 'pop', 'items', 'replace'))
  void fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const queue = new Queue<number>()
      let array: number[] = []
      for (const one of steps) {
        if (typeof one === 'number') {
          queue.push(one)
          array.push(one)
        } else if (one === 'shift') expect(queue.shift()).toBe(array.shift())
        else if (one === 'pop') {
          if (array.length > 0) expect(queue.pop()).toBe(array.pop())
        } else if (one === 'items') expect(queue.items()).toEqual(array)
        else {
          array = array.slice(1)
          queue.replace([...array])
        }
        expect([queue.length, queue.first]).toEqual([array.length, array[0]])
        if (array.length > 0) expect(queue.last).toBe(array.at(-1))
      }
    }),
  )
})

// Waits for a condition that nothing announces, by asking again and again until a deadline.

/** Returns the first truthy result of `condition`; fails after `withinMs` (default 5000) with what was `expected`. */
export async function until<T>(expected: string, condition: () => T | Promise<T>, withinMs = 5_000): Promise<T> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const result = await condition()
    if (result) return result
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${expected}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

// Damaged inputs, straight into connections: no crash, never another end than the exact close code, every
// request answered, nothing slow, no memory kept, and another client served all the while. FUZZ_SEED replays a run,
// FUZZ_INPUTS makes a longer one.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { decode } from '../../proto/compact.ts'
import { FrameDecoder } from '../../proto/frame.ts'
import { defaultLimits } from '../../proto/limits.ts'
import { type CloseCode, closeCodes, statuses } from '../../proto/status.ts'
import type { Transport, TransportListener } from '../../server/connection/transport.ts'
import { whenOver } from '../helpers/cleanup.ts'
import { startLoop } from '../helpers/loop.ts'
import { runScale, runSeed } from '../helpers/random.ts'
import { input } from './inputs.ts'
import { judge } from './oracle.ts'

const seed = runSeed()
const inputs = Number(process.env.FUZZ_INPUTS ?? 100_000 * runScale)
const slowMs = 50
const inputsPerClear = 20_000
const codes = new Set<number>(Object.keys(closeCodes).map(Number))
const known = new Set<number>(Object.keys(statuses).map(Number))

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Reads what a client would: checks that it is well-formed, and counts what ends a reply. */
class Reader implements Transport {
  readonly hasCloseCodes = false
  readonly peer = 'fuzz'
  listener: TransportListener | undefined
  readonly queuedBytes = 0
  paused = false
  closed: CloseCode | undefined
  /** Replies that are whole, by id; those without one under 0. */
  replies = 0
  readonly #decoder = new FrameDecoder(2 ** 25)

  write(bytes: Uint8Array, start: number, end: number): boolean {
    this.#decoder.push(bytes, start, end)
    while (this.#decoder.next()) {
      const { bytes: from, start, end, gzip } = this.#decoder
      this.replies++
      if (gzip) continue
      const { status } = decode('CommandResponse', from, start, end)
      if (!known.has(status as number) && !codes.has(status as number)) throw new Error(`a reply with status ${status}`)
      if (status === 500) throw new Error('a reply with status 500')
    }
    return true
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    this.paused = false
  }

  close(code: CloseCode): void {
    this.closed ??= code
  }

  terminate(): void {
    throw new Error('ended by force')
  }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

/** Gives an input to a connection of its own and answers how it came out. */
async function run(loop: ReturnType<typeof startLoop>, bytes: Uint8Array) {
  const reader = new Reader()
  loop.connections.accept(reader)
  const begun = performance.now()
  reader.listener!.onData(bytes, 0, bytes.length)
  const took = performance.now() - begun
  for (let waited = 0; reader.paused && reader.closed === undefined; waited++) {
    if (waited > 20_000) throw new Error('a connection that hangs')
    await nextTurn()
  }
  const { closed } = reader
  reader.listener!.onClose()
  reader.listener = undefined
  return { closed, replies: reader.replies, took }
}

test(`the decoder takes ${inputs} inputs (FUZZ_SEED=${seed})`, { timeout: inputs * 5 + 60_000 }, async () => {
  const { maxFrameBytes, maxElements } = defaultLimits
  const counted = new Map<number | undefined, number>()
  const started = performance.now()
  // Half of the inputs end in an error: their stacks would be most of the work.
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  // One gateway for all, so that what a connection leaves behind would add up.
  const loop = startLoop()
  whenOver(() => loop.service.close())
  const canary = loop.connect({ hasCloseCodes: false })
  let worst = 0
  let worstInput = 0
  let settled = 0

  /** Forgets what inputs wrote. */
  const clear = () => {
    for (const { level, message, details } of loop.logged) {
      if (level !== 'debug') throw new Error(`logged: ${message}`, { cause: details })
    }
    loop.logged.length = 0
    for (const { name } of loop.store.tables()) loop.store.drop(name)
    canary.receive({ hset: { table: 'canary', pair: { key: 'k', value: { string: 'alive' } } } })
  }

  for (let index = 0; index < inputs; index++) {
    if (index % inputsPerClear === 0) clear()
    const bytes = input(seed, index)
    const verdict = judge(bytes, { maxFrameBytes, maxElements })
    try {
      const { closed, took } = await run(loop, bytes)
      counted.set(closed, (counted.get(closed) ?? 0) + 1)
      // A hello that is refused for its id, or its mutation, never gets to look at the version.
      if (closed !== verdict.code && verdict.code !== 4426) {
        throw new Error(`closed with ${closed}, and not with ${verdict.code}`, { cause: loop.logged.at(-1)?.details })
      }
      if (took > worst) [worst, worstInput] = [took, index]
      if (took > slowMs) await confirmSlow(bytes)
    } catch (error) {
      Error.stackTraceLimit = stackTraceLimit
      throw new Error(`input ${index} of FUZZ_SEED=${seed}: ${Buffer.from(bytes.subarray(0, 200)).toString('hex')}`, {
        cause: error,
      })
    }
    if (index % 1_000 === 999) {
      canary.forget()
      canary.receive({ ping: {}, id: 1 }, { hset: { table: 'canary', pair: { key: 'k', value: {} } }, id: 2 })
      expect(canary.replies.map(({ status, id }) => [status, id])).toEqual([
        [200, 1],
        [200, 2],
      ])
      await nextTurn()
    }
    // What is used once the code is warm must not grow.
    if (index === Math.floor(inputs / 10)) {
      clear()
      settled = memory()
    }
  }
  Error.stackTraceLimit = stackTraceLimit
  clear()
  const grown = (memory() - settled) / 1_048_576
  const seconds = (performance.now() - started) / 1_000
  const ends = [...counted].map(([code, count]) => `${code ?? 'open'}: ${count}`).join(', ')
  console.log(
    `decoder fuzz: ${inputs} inputs in ${seconds.toFixed(1)} s, ${Math.round(inputs / seconds)}/s; ${ends}; ` +
      `worst ${worst.toFixed(1)} ms (input ${worstInput}); memory grew by ${grown.toFixed(1)} MiB (FUZZ_SEED=${seed})`,
  )
  expect(grown).toBeLessThan(32)
  for (const code of [1009, 4400, 4426, undefined]) expect(counted.get(code as CloseCode)).toBeGreaterThan(0)
})

/** Fails for an input that is slow each time; once, it may have been this machine. */
async function confirmSlow(bytes: Uint8Array): Promise<void> {
  const loop = startLoop()
  whenOver(() => loop.service.close())
  const times: number[] = []
  for (let time = 0; time < 5; time++) times.push((await run(loop, bytes)).took)
  if (Math.min(...times) > slowMs) throw new Error(`it takes ${Math.min(...times)} ms`)
}

/** Bytes in use, once nothing is left to collect. */
function memory(): number {
  collectGarbage()
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

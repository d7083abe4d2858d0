// One timer for many sockets: each is woken once a beat, and few in one turn.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Heartbeat } from '../../../server/connection/heartbeat.ts'

const intervalMs = 1_000

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

type Member = ReturnType<typeof join>[number]

/** Members that count how often they were called. */
function join(heartbeat: Heartbeat, count: number) {
  const members = Array.from({ length: count }, () => ({
    beats: 0,
    heartbeatIndex: 0,
    idleUntil: 0,
    beat() {
      this.beats++
      return this.idleUntil
    },
  }))
  for (const member of members) heartbeat.add(member)
  return members
}

const wokenOf = (members: readonly Member[]) => members.reduce((sum, { beats }) => sum + beats, 0)

test.each([1, 100, 101, 2_000, 15_000])('%i members are each woken once a beat', (count) => {
  const heartbeat = new Heartbeat(4 * intervalMs)
  const members = join(heartbeat, count)
  for (let beat = 1; beat <= 3; beat++) {
    // A beat begins at its time, and the last of many are woken by the end of it.
    vi.advanceTimersByTime(beat === 1 ? 2 * intervalMs - 1 : intervalMs)
    expect(new Set(members.map(({ beats }) => beats))).toEqual(new Set([beat]))
  }
})

test('a beat wakes few in each turn, and who leaves or joins meanwhile is no trouble', () => {
  const heartbeat = new Heartbeat(4 * intervalMs)
  const members = join(heartbeat, 1_000)
  let before = 0
  for (let ms = 0; ms < 2 * intervalMs; ms++) {
    vi.advanceTimersByTime(1)
    const woken = wokenOf(members)
    expect(woken - before).toBeLessThanOrEqual(6)
    before = woken
    if (ms === intervalMs + 200) for (const member of members.slice(500)) heartbeat.delete(member)
    if (ms === intervalMs + 200) join(heartbeat, 10)
  }
  // It goes from the last one down: those who left in the middle had not been woken, and all who stayed were.
  expect(members.slice(0, 500).every(({ beats }) => beats >= 1)).toBe(true)
  expect(members.slice(500, 700).every(({ beats }) => beats === 0)).toBe(true)
  expect(members.slice(900).every(({ beats }) => beats === 1)).toBe(true)
})

/** A process whose loop takes so many milliseconds for others in each turn: its timers are late, as real ones are. */
function busyLoop() {
  const timers = new Set<{ at: number; every: number; run: () => void }>()
  let immediates: (() => void)[] = []
  let now = 0
  const timer = (run: () => void, ms: number, every: number) => {
    const entry = { at: now + ms, every, run, unref: () => entry }
    timers.add(entry)
    return entry
  }
  vi.stubGlobal('setTimeout', (run: () => void, ms: number) => timer(run, ms, 0))
  vi.stubGlobal('setInterval', (run: () => void, ms: number) => timer(run, ms, ms))
  vi.stubGlobal('setImmediate', (run: () => void) => immediates.push(run))
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  return {
    /** Timers, then what comes in, then who gave way to it. */
    turn(ms: number, come = () => {}): void {
      now += ms
      for (const entry of [...timers].filter(({ at }) => at <= now)) {
        if (entry.every === 0) timers.delete(entry)
        else while (entry.at <= now) entry.at += entry.every
        entry.run()
      }
      come()
      const due = immediates
      immediates = []
      for (const run of due) run()
    },
  }
}

/** A heartbeat in such a process. */
function busyHeartbeat(count: number) {
  const loop = busyLoop()
  const heartbeat = new Heartbeat(4 * intervalMs)
  return { loop, heartbeat, members: join(heartbeat, count) }
}

test('after a pause of the process a beat is late, and still wakes few in each turn', () => {
  const { loop, members } = busyHeartbeat(10_000)
  loop.turn(intervalMs)
  for (let turn = 0; turn < 10; turn++) {
    const before = wokenOf(members)
    loop.turn(turn === 0 ? 20 * intervalMs : 3)
    const woken = wokenOf(members) - before
    expect(woken).toBeGreaterThan(0)
    expect(woken).toBeLessThanOrEqual(100)
  }
})

test('while requests come, no more than two are woken between them, and each still once a beat', () => {
  const { loop, heartbeat, members } = busyHeartbeat(4_000)
  let before = 0
  let most = 0
  for (let ms = 0; ms < 3.99 * intervalMs; ms += 0.1) {
    loop.turn(0.1, () => {
      heartbeat.requested = true
      const woken = wokenOf(members)
      most = Math.max(most, woken - before)
      before = woken
    })
  }
  expect(most).toBe(2)
  const beats = members.map(({ beats }) => beats)
  expect([Math.min(...beats), Math.max(...beats)]).toEqual([3, 3])
})

test('once no requests come, a turn does not give way', () => {
  const { loop, heartbeat, members } = busyHeartbeat(4_000)
  heartbeat.requested = true
  loop.turn(intervalMs, () => expect(wokenOf(members)).toBe(2))
  for (let ms = 0; ms < 5; ms++) loop.turn(1)
  let before = wokenOf(members)
  loop.turn(4, () => expect(wokenOf(members) - before).toBeGreaterThan(10))
  before = wokenOf(members)
  loop.turn(1)
  expect(wokenOf(members)).toBe(before)
})

test.each([5, 20, 60])('a beat keeps its pace where requests take %i ms of each turn', (ms) => {
  const { loop, heartbeat, members } = busyHeartbeat(15_000)
  for (let at = 0; at < 10.5 * intervalMs; at += ms) {
    loop.turn(ms, () => {
      heartbeat.requested = true
    })
  }
  const beats = members.map(({ beats }) => beats)
  expect([Math.min(...beats), Math.max(...beats)]).toEqual([9, 10])
})

test('a beat that a pause made late is followed by the next at once', () => {
  const { loop, members } = busyHeartbeat(1_000)
  for (let ms = 0; ms < 1.2 * intervalMs; ms += 4) loop.turn(4)
  loop.turn(1.3 * intervalMs)
  // At three times its pace the rest of the beat takes a quarter of one, and then the next is not to wait for its time.
  for (let ms = 0; ms < 1.25 * intervalMs; ms += 4) loop.turn(4)
  expect(Math.min(...members.map(({ beats }) => beats))).toBe(2)
})

test('a member with nothing to check is skipped until its moment, or until it is woken', () => {
  const heartbeat = new Heartbeat(4 * intervalMs)
  const [busy, waits, idle, woken] = join(heartbeat, 4) as [Member, Member, Member, Member]
  waits.idleUntil = performance.now() + 3.5 * intervalMs
  idle.idleUntil = woken.idleUntil = Number.POSITIVE_INFINITY
  vi.advanceTimersByTime(2.5 * intervalMs)
  expect([busy, waits, idle, woken].map(({ beats }) => beats)).toEqual([2, 1, 1, 1])
  heartbeat.wake(woken)
  vi.advanceTimersByTime(2 * intervalMs)
  expect([busy, waits, idle, woken].map(({ beats }) => beats)).toEqual([4, 2, 1, 2])
})

test('a member that is woken while it is called is called once more', () => {
  const heartbeat = new Heartbeat(4 * intervalMs)
  const member = {
    beats: 0,
    heartbeatIndex: 0,
    beat() {
      if (this.beats++ === 0) heartbeat.wake(member)
      return Number.POSITIVE_INFINITY
    },
  }
  heartbeat.add(member)
  vi.advanceTimersByTime(10 * intervalMs)
  expect(member.beats).toBe(2)
})

test('a member that takes the place of one that leaves is called when it asked to be', () => {
  const heartbeat = new Heartbeat(4 * intervalMs)
  const [first, , last] = join(heartbeat, 3) as [Member, Member, Member]
  first.idleUntil = Number.POSITIVE_INFINITY
  vi.advanceTimersByTime(1.5 * intervalMs)
  heartbeat.delete(first)
  vi.advanceTimersByTime(intervalMs)
  expect([first.beats, last.beats]).toEqual([1, 2])
})

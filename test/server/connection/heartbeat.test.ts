// One timer for many sockets: each is woken once a beat, and few in one turn.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Heartbeat } from '../../../server/connection/heartbeat.ts'

const intervalMs = 1_000

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

type Member = ReturnType<typeof join>[number]

/** Members that count how often they were woken. */
function join(heartbeat: Heartbeat, count: number) {
  const members = Array.from({ length: count }, () => ({
    beats: 0,
    place: 0,
    rest: 0,
    beat() {
      this.beats++
      return this.rest
    },
  }))
  for (const member of members) heartbeat.add(member)
  return members
}

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
    const woken = members.reduce((sum, { beats }) => sum + beats, 0)
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

test('after a pause of the process a beat is late, and still wakes few in each turn', () => {
  const heartbeat = new Heartbeat(4 * intervalMs)
  const members = join(heartbeat, 10_000)
  const woken = () => members.reduce((sum, { beats }) => sum + beats, 0)
  vi.advanceTimersByTime(intervalMs)
  const paused = performance.now() + 20 * intervalMs
  const now = vi.spyOn(performance, 'now').mockReturnValue(paused)
  for (let turn = 0; turn < 10; turn++) {
    const before = woken()
    vi.advanceTimersToNextTimer()
    expect(woken() - before).toBeLessThanOrEqual(100)
  }
  now.mockRestore()
})

test('who has nothing to look at rests until its moment, or until it is touched', () => {
  const heartbeat = new Heartbeat(4 * intervalMs)
  const [busy, rests, idle, touched] = join(heartbeat, 4) as [Member, Member, Member, Member]
  rests.rest = performance.now() + 3.5 * intervalMs
  idle.rest = touched.rest = Number.POSITIVE_INFINITY
  vi.advanceTimersByTime(2.5 * intervalMs)
  expect([busy, rests, idle, touched].map(({ beats }) => beats)).toEqual([2, 1, 1, 1])
  heartbeat.touch(touched)
  vi.advanceTimersByTime(2 * intervalMs)
  expect([busy, rests, idle, touched].map(({ beats }) => beats)).toEqual([4, 2, 1, 2])
})

test('a member that is touched while it is woken does not rest', () => {
  const heartbeat = new Heartbeat(4 * intervalMs)
  const member = {
    beats: 0,
    place: 0,
    beat() {
      if (this.beats++ === 0) heartbeat.touch(member)
      return Number.POSITIVE_INFINITY
    },
  }
  heartbeat.add(member)
  vi.advanceTimersByTime(10 * intervalMs)
  expect(member.beats).toBe(2)
})

test('the rest of a member goes with it to the place of one that leaves', () => {
  const heartbeat = new Heartbeat(4 * intervalMs)
  const [first, , last] = join(heartbeat, 3) as [Member, Member, Member]
  first.rest = Number.POSITIVE_INFINITY
  vi.advanceTimersByTime(1.5 * intervalMs)
  heartbeat.delete(first)
  vi.advanceTimersByTime(intervalMs)
  expect([first.beats, last.beats]).toEqual([1, 2])
})

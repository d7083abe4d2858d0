// Says whether what clients saw of a store is what one that does each operation at one moment could have shown them.
// Twice: by the revisions that replies carry, over all keys at once, and as a black box, key by key, after Wing and
// Gong with Lowe's memory of what was tried. It knows neither sockets nor gateways.

/** The value of a key; undefined: none. All values of a run differ, but for counters. */
export type Value = number | undefined

/** What an operation does to one key, and what it saw of it. */
export type Step =
  | { readonly type: 'read'; readonly key: string; readonly value: Value; readonly revision?: number }
  /** `saw`: what was there before, where the reply is known. */
  | { readonly type: 'write'; readonly key: string; readonly to: Value; readonly saw?: { readonly value: Value } }
  /** Writes `to`, if it is there, where the key has `value`; `held`: whether it had, where the reply is known. */
  | {
      readonly type: 'expect'
      readonly key: string
      readonly value: Value
      readonly to?: { value: Value }
      readonly held?: boolean
    }
  | { readonly type: 'add'; readonly key: string; readonly by: number; readonly result?: number }

export interface Operation {
  readonly client: number
  /** Moments of the test's own clock, all different. Infinity: the reply never came, it may or may not have run. */
  readonly invoked: number
  readonly returned: number
  readonly steps: readonly Step[]
  /** Of an acknowledged write that changed something. */
  readonly revision?: number
}

const no = Symbol('not from here')

/** The state after a step, or `no` where that could not have been seen in this state. */
function after(state: Value, step: Step): Value | typeof no {
  switch (step.type) {
    case 'read':
      return state === step.value ? state : no
    case 'write':
      return step.saw !== undefined && step.saw.value !== state ? no : step.to
    case 'expect': {
      const holds = state === step.value
      if (step.held !== undefined && step.held !== holds) return no
      return holds && step.to !== undefined && step.held !== false ? step.to.value : state
    }
    case 'add': {
      const sum = (state ?? 0) + step.by
      return step.result !== undefined && step.result !== sum ? no : sum
    }
  }
}

interface One {
  /** Among its like. */
  index: number
  readonly invoked: number
  readonly returned: number
  readonly step: Step
}

/** The keys whose operations no order explains. */
export function unexplainedKeys(operations: readonly Operation[]): string[] {
  const byKey = new Map<string, One[]>()
  for (const { invoked, returned, steps } of operations) {
    for (const step of steps) {
      const ones = byKey.get(step.key)
      const one = { index: 0, invoked, returned, step }
      if (ones === undefined) byKey.set(step.key, [one])
      else ones.push(one)
    }
  }
  return [...byKey].filter(([, ones]) => !isLinearizable(ones)).map(([key]) => key)
}

/** Looks for an order of one key's operations, depth first; never twice from the same place. */
function isLinearizable(ones: One[]): boolean {
  const byInvocation = (a: One, b: One) => a.invoked - b.invoked
  const certain = ones.filter(({ returned }) => returned !== Number.POSITIVE_INFINITY).sort(byInvocation)
  const maybe = ones.filter(({ returned }) => returned === Number.POSITIVE_INFINITY).sort(byInvocation)
  for (const like of [certain, maybe]) for (const [index, one] of like.entries()) one.index = index
  const done = new Set<One>()
  const tried = new Set<string>()
  const path: { one: One | undefined; state: Value; next: One[] }[] = []
  let first = 0
  let state: Value

  const arrive = (one: One | undefined): void => {
    while (first < certain.length && done.has(certain[first]!)) first++
    path.push({ one, state, next: candidates(certain, maybe, done, first) })
  }
  arrive(undefined)
  while (first < certain.length) {
    const here = path[path.length - 1]!
    const one = here.next.pop()
    if (one === undefined) {
      path.pop()
      if (here.one === undefined) return false
      done.delete(here.one)
      state = path[path.length - 1]!.state
      if (here.one.returned !== Number.POSITIVE_INFINITY) first = Math.min(first, here.one.index)
      continue
    }
    const reached = after(here.state, one.step)
    if (reached === no) continue
    done.add(one)
    const place = placeOf(certain, maybe, done, first, reached)
    if (tried.has(place)) {
      done.delete(one)
      continue
    }
    tried.add(place)
    state = reached
    arrive(one)
  }
  return true
}

/** What may be next: whatever began before all that is left has ended. The likeliest is last. */
function candidates(certain: readonly One[], maybe: readonly One[], done: ReadonlySet<One>, first: number): One[] {
  const next: One[] = []
  let deadline = Number.POSITIVE_INFINITY
  for (let index = first; index < certain.length && certain[index]!.invoked < deadline; index++) {
    const one = certain[index]!
    if (done.has(one)) continue
    next.push(one)
    deadline = Math.min(deadline, one.returned)
  }
  const possible = next.filter(({ invoked }) => invoked < deadline).sort((a, b) => b.returned - a.returned)
  return [...maybe.filter((one) => one.invoked < deadline && !done.has(one)), ...possible]
}

/** A name for what was done and the state it led to. */
function placeOf(
  certain: readonly One[],
  maybe: readonly One[],
  done: ReadonlySet<One>,
  from: number,
  state: Value,
): string {
  let first = from
  while (first < certain.length && done.has(certain[first]!)) first++
  const beyond: number[] = []
  // What is done beyond the first that is not began before that one ended.
  for (let index = first + 1; index < certain.length && certain[index]!.invoked < certain[first]!.returned; index++) {
    if (done.has(certain[index]!)) beyond.push(index)
  }
  const others = maybe.flatMap((one, index) => (done.has(one) ? [index] : []))
  return `${first}|${beyond}|${others}|${state}`
}

/** What the revisions of the replies contradict; empty when nothing. Together they must tell one order of all keys. */
export function revisionFaults(operations: readonly Operation[]): string[] {
  const faults: string[] = []
  const states = statesOf(operations, faults)
  // Operations in the order of what happened; each must be at a place not before any that had returned by then.
  const events = operations.flatMap((operation) => [
    { at: operation.invoked, operation, begins: true },
    { at: operation.returned, operation, begins: false },
  ])
  events.sort((a, b) => a.at - b.at)
  const floors = new Map<Operation, number>()
  let floor = 0
  for (const { operation, begins, at } of events) {
    if (begins) floors.set(operation, floor)
    else if (at !== Number.POSITIVE_INFINITY)
      floor = Math.max(floor, placeIn(operation, floors.get(operation)!, states, faults))
  }
  return faults
}

interface State {
  readonly revision: number
  readonly value: Value
}

/** The states of each key that some reply told of, by revision. */
function statesOf(operations: readonly Operation[], faults: string[]): Map<string, State[]> {
  const known = new Map<string, Map<number, Value>>()
  const note = (key: string, revision: number, value: Value) => {
    const states = known.get(key) ?? new Map<number, Value>()
    known.set(key, states)
    if (states.has(revision) && states.get(revision) !== value) faults.push(`${key} at ${revision}: two values`)
    states.set(revision, value)
  }
  const owners = new Map<number, Operation>()
  for (const operation of operations) {
    const { revision, steps } = operation
    if (revision !== undefined) {
      if (owners.has(revision)) faults.push(`revision ${revision} was given twice`)
      owners.set(revision, operation)
    }
    for (const step of steps) {
      if (step.type === 'read' && step.revision !== undefined) note(step.key, step.revision, step.value)
      else if (revision !== undefined) noteWrite(step, revision, note)
    }
  }
  const sorted = (states: Map<number, Value>) =>
    [...states].map(([revision, value]) => ({ revision, value })).sort((a, b) => a.revision - b.revision)
  return new Map([...known].map(([key, states]) => [key, sorted(states)]))
}

function noteWrite(step: Step, revision: number, note: (key: string, revision: number, value: Value) => void): void {
  if (step.type === 'write') note(step.key, revision, step.to)
  else if (step.type === 'add') note(step.key, revision, step.result)
  else if (step.type === 'expect' && step.to !== undefined) note(step.key, revision, step.to.value)
}

/** The first place, from `floor` on, at which the operation can have been. */
function placeIn(
  { revision, steps, client }: Operation,
  floor: number,
  states: Map<string, State[]>,
  faults: string[],
): number {
  if (revision !== undefined) {
    if (revision <= floor)
      faults.push(`client ${client}: a write of revision ${revision} began after ${floor} was seen`)
    return Math.max(revision, floor)
  }
  let place = floor
  for (const step of steps) {
    if (step.type !== 'read' || step.revision === undefined) continue
    place = Math.max(place, step.revision)
    const next = firstAfter(states.get(step.key)!, step.revision)
    if (next !== undefined && next.revision <= place) {
      faults.push(
        `client ${client}: read ${step.key} as of ${step.revision}, which had changed at ${next.revision}, after ${place}`,
      )
    }
  }
  return place
}

/** The first of the sorted states with a higher revision. */
function firstAfter(states: readonly State[], revision: number): State | undefined {
  let [low, high] = [0, states.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (states[middle]!.revision > revision) high = middle
    else low = middle + 1
  }
  return states[low]
}

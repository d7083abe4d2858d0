// A conversation of the SDK with a gateway that runs the same in Node and, as text, in a page: it may use nothing but
// its arguments. What it answers can be compared.
import type { KvassError as SdkError } from '../../../proto/status.ts'
import type { Kvass } from '../../../web/sdk/types.ts'

interface Sdk {
  readonly connect: (url: string) => Kvass
  readonly KvassError: typeof SdkError
}

export async function conversation({ connect, KvassError }: Sdk, url: string) {
  const kv = connect(url)
  const table = kv.table('conversation')
  const chat = kv.topic('chat')
  const said: unknown[] = []
  const tell = (value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value instanceof Uint8Array ? [...value] : value
  const refusal = (error: unknown) => (error instanceof KvassError ? `${error.status} ${error.message}` : String(error))

  const welcome = await kv.ready()
  said.push(welcome.version, welcome.server.split('/')[0], welcome.epoch.length, kv.state)

  const values = [
    '',
    'text \ufeff😀',
    7,
    -(2 ** 53) + 1,
    2n ** 63n - 1n,
    -(2n ** 63n),
    0.1,
    true,
    false,
    null,
    [1, { a: null }],
    { b: 'ü' },
  ]
  for (const [at, value] of [...values, Uint8Array.of(0, 255)].entries()) await table.set(`value ${at}`, value)
  for await (const { key, value } of table.entries({ prefix: 'value ' })) said.push([key, tell(value)])
  await table.set('minus zero', -0)
  said.push(Object.is((await table.get('minus zero'))!.value, -0))

  const key = 'schlüssel \u{1f511}'
  said.push((await table.set(key, 1)) < (await table.set(key, 2)), (await table.get(key))!.value, await table.has(key))
  said.push(await table.delete(key), await table.delete(key), await table.get(key), await table.has(key))
  await table.set('null', null)
  said.push(await table.delete('null'), await table.delete('null'))

  const large = Array.from({ length: 2_000 }, (_, at) => `line ${at}\n`).join('')
  await table.set('large', large)
  said.push((await table.get('large'))!.value === large)
  await table.drop()

  const keys = Array.from({ length: 4_000 }, (_, at) => `k${String(at).padStart(5, '0')}`)
  const revision = await table.setMany(keys.map((key, at) => [key, { at, text: 'x'.repeat(100) }]))
  const entries = await table.getMany([...keys, 'none'])
  said.push(
    entries.length,
    entries.at(-1),
    entries.slice(0, -1).every((entry) => entry!.revision === revision),
  )
  const walked: string[] = []
  for await (const entry of table.entries()) walked.push(entry.key)
  said.push(walked.join() === keys.join())
  const backwards: string[] = []
  for await (const key of table.keys({ reverse: true, start: 'k00010', end: 'k03990', limit: 3_000 }))
    backwards.push(key)
  said.push(backwards.length, backwards[0], backwards.at(-1))
  const page = await table.page({ prefix: 'k000', limit: 60, keysOnly: true })
  const rest = await table.page({ prefix: 'k000', limit: 60, cursor: page.cursor! })
  said.push(
    page.entries.length,
    rest.entries.length,
    rest.cursor,
    await table.count(),
    await table.count({ prefix: 'k001' }),
  )
  said.push((await kv.tables({ prefix: 'conv' })).map(({ name, count }) => [name, count]))

  const subscription = chat.subscribe()
  await subscription.ready
  const reached: number[] = []
  for (let at = 0; at < 50; at++) reached.push(await chat.publish(at, { at }))
  for (let at = 0; at < 50; at++) {
    const { value } = await subscription.next()
    if (value!.values[0] !== at || value!.missed !== 0) said.push(['wrong message', value])
  }
  await subscription.close()
  said.push(
    reached.every((count) => count === 1),
    await chat.publish('nobody'),
  )

  said.push(
    await table.set('x', 'x'.repeat(600_000)).catch(refusal),
    await table.setMany(keys.concat(keys).map((key) => [key, 1])).catch(refusal),
  )
  said.push(await table.get('x', { signal: AbortSignal.abort() }).catch((error: Error) => error.name))
  said.push(await table.deleteMany([...keys.slice(0, 10), 'none']), await table.drop(), await table.count())
  said.push(await table.get('').catch(refusal), (await kv.ping()) >= 0)
  await kv.close()
  said.push(kv.state, await table.get('a').catch(refusal))
  return said
}

/** What it answers on every gateway. */
// biome-ignore format: as the conversation goes
export const said = [
  1, 'kvass', 32, 'open',
  ['value 0', ''], ['value 1', 'text \ufeff😀'], ['value 10', [1, { a: null }]], ['value 11', { b: 'ü' }], ['value 12', [0, 255]],
  ['value 2', 7], ['value 3', -(2 ** 53) + 1], ['value 4', '9223372036854775807n'], ['value 5', '-9223372036854775808n'],
  ['value 6', 0.1], ['value 7', true], ['value 8', false], ['value 9', null],
  true,
  true, 2, true,
  true, false, undefined, false,
  true, false,
  true,
  4_001, undefined, true,
  true,
  3_000, 'k03989', 'k00990',
  60, 40, undefined, 4_000, 100,
  [['conversation', 4_000]],
  true, 0,
  '413 The value has 600004 bytes: at most 524288 are stored.',
  '413 The request has 8000 elements: at most 4096 are taken.',
  'AbortError',
  10, 3_990, 0,
  '400 The key is empty.', true,
  'closed', '503 The client was closed.',
]

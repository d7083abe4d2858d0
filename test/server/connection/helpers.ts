// What the tests of the loop ask for and look at: requests, tables of some pages, and the ids and statuses of replies.
import { type HeldTransport, turns } from '../../helpers/loop.ts'
import { Random } from '../../helpers/random.ts'
import { until } from '../../helpers/until.ts'

export const megabyte = 1_048_576
export const random = new Random(7)
export const hset = (key: string, value: object, id = 0) => ({ hset: { table: 't', pair: { key, value } }, id })
export const hget = (key: string, id = 0) => ({ hget: { table: 't', key }, id })
export const statuses = (client: HeldTransport) => client.replies.map(({ status }) => status)
export const ids = (client: HeldTransport) => client.replies.map(({ id }) => id)

export async function fill(client: HeldTransport, table = 't', entries = 9_000): Promise<void> {
  for (let at = 0; at < entries; at += 1_000) {
    const pairs = Array.from({ length: 1_000 }, (_none, index) => {
      return { key: String(at + index).padStart(8, '0'), value: { binary: random.bytes(40) } }
    })
    client.receive({ hmset: { table, pairs } })
  }
  await until('the table', () => client.replies.length === entries / 1_000)
  await turns(2)
  client.forget()
}

// The table of commands: how often each is asked, how it is answered, how long it takes.
import type { JSX } from 'preact'
import { count, dash, seconds } from '../format.ts'
import type { CommandReading } from './readings.ts'

const rate = (value: number): string => (value === 0 ? dash : `${count(Number(value.toPrecision(3)))}/s`)

export function Commands({ readings }: { readings: readonly CommandReading[] | undefined }): JSX.Element {
  const busiest = Math.max(1, readings?.[0]?.perSecond ?? 0)
  return (
    <section class="card commands" aria-labelledby="commands-title">
      <h2 id="commands-title">Commands by kind</h2>
      {readings === undefined || readings.length === 0 ? (
        <p class="muted">{readings ? 'No command has been answered yet.' : 'Collecting…'}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        <section class="table-scroll" tabIndex={0} aria-label="Rates and latencies">
          <table>
            <thead>
              <tr>
                <th scope="col">Command</th>
                <th scope="col">Rate</th>
                <th scope="col">p50</th>
                <th scope="col">p99</th>
                <th scope="col">Not 200</th>
                <th scope="col">Total</th>
              </tr>
            </thead>
            <tbody>
              {readings.map((reading) => (
                <CommandRow key={reading.command} reading={reading} share={reading.perSecond / busiest} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  )
}

function CommandRow({ reading, share }: { reading: CommandReading; share: number }): JSX.Element {
  const others = reading.statuses.filter(({ status }) => status !== '200')
  const isBad = others.some(({ status }) => status !== '404')
  return (
    <tr class={reading.perSecond === 0 ? 'idle' : undefined}>
      <th scope="row">
        {reading.command}
        <span class="share" aria-hidden="true" style={{ width: `${(share * 100).toFixed(1)}%` }} />
      </th>
      <td>{rate(reading.perSecond)}</td>
      <td>{seconds(reading.p50)}</td>
      <td>{seconds(reading.p99)}</td>
      <td class={isBad ? 'refused' : undefined}>
        {others.length === 0 ? dash : others.map(({ status, perSecond }) => `${status}: ${rate(perSecond)}`).join(', ')}
      </td>
      <td>{count(reading.total)}</td>
    </tr>
  )
}

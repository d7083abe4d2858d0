// What an entry is beside its value: type, size, revision, and what ends it.
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { bytes, exact, lasting } from '../format.ts'
import { typeOf } from './drafts.ts'
import { typeNames } from './editors.tsx'
import type { Seen } from './seen.ts'

export function Facts({ entry, size }: { entry: Seen; size: number }): JSX.Element {
  return (
    <dl>
      <div>
        <dt>Type</dt>
        <dd>{typeNames[typeOf(entry.value)]}</dd>
      </div>
      <div>
        <dt>Size</dt>
        <dd title={`${exact(size)} bytes`}>{bytes(size)}</dd>
      </div>
      <div>
        <dt>Revision</dt>
        <dd class="entry-revision">{exact(entry.revision)}</dd>
      </div>
      {entry.endsAt !== undefined && <Expiry endsAt={entry.endsAt} />}
      {entry.leased && (
        <div>
          <dt>Lease</dt>
          <dd title="It is bound to the session of a client, and goes a while after that client does.">
            Goes with its client
          </dd>
        </div>
      )}
    </dl>
  )
}

function Expiry({ endsAt }: { endsAt: number }): JSX.Element {
  const [now, setNow] = useState(performance.now())
  useEffect(() => {
    setNow(performance.now())
    const timer = setInterval(() => setNow(performance.now()), 1_000)
    return () => clearInterval(timer)
  }, [endsAt])
  const left = Math.ceil((endsAt - now) / 1_000)
  return (
    <div>
      <dt>Expires</dt>
      <dd class="entry-expiry" title="Saving keeps it.">
        {left > 0 ? `in ${lasting(left)}` : 'now'}
      </dd>
    </div>
  )
}

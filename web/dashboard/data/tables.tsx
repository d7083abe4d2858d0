// The list of tables, and how a new one begins.
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { count, exact } from '../format.ts'
import { connection, refreshTables, tables, tablesError } from '../kv.ts'
import { dataAddress } from '../shell/addresses.ts'
import { PlusIcon, TableIcon } from '../shell/icons.tsx'
import { escaped, Name } from '../shell/names.tsx'

interface TablesProps {
  current: string | undefined
  onNew: () => void
}

/** More tables than this get a box to find one by. */
const manyTables = 12

export function Tables({ current, onNew }: TablesProps): JSX.Element {
  const [wanted, setWanted] = useState('')
  const all = tables.value
  const shown = all?.filter(({ name }) => name.toLowerCase().includes(wanted.toLowerCase()))
  return (
    <section class="pane tables" aria-labelledby="tables-title">
      <header class="pane-head">
        <h2 id="tables-title">Tables</h2>
        <span class="spring" />
        <button type="button" class="button quiet square" aria-label="New table" title="New table" onClick={onNew}>
          <PlusIcon />
        </button>
      </header>
      {all && all.length > manyTables && (
        <input
          class="find"
          type="search"
          placeholder="Find a table"
          aria-label="Find a table"
          value={wanted}
          onInput={(event) => setWanted(event.currentTarget.value)}
        />
      )}
      <TableList all={all} shown={shown} current={current} />
    </section>
  )
}

function TableList({
  all,
  shown,
  current,
}: {
  all: typeof tables.value
  shown: typeof tables.value
  current: string | undefined
}): JSX.Element {
  if (all === undefined || shown === undefined) {
    if (tablesError.value !== undefined && connection.value === 'open') {
      return (
        <div class="pane-empty" role="alert">
          <p>{tablesError.value}</p>
          <button type="button" class="button" onClick={() => void refreshTables()}>
            Try again
          </button>
        </div>
      )
    }
    return (
      <ul class="skeletons" aria-label="Loading tables" aria-busy="true">
        {[70, 45, 60].map((width) => (
          <li key={width} style={{ width: `${width}%` }} />
        ))}
      </ul>
    )
  }
  if (all.length === 0) return <p class="pane-empty muted">No table yet. One begins with its first entry.</p>
  if (shown.length === 0) return <p class="pane-empty muted">No table has that in its name.</p>
  return (
    <ul class="table-list">
      {shown.map(({ name, count: entries }) => (
        <li key={name}>
          <a href={dataAddress({ table: name })} aria-current={name === current ? 'page' : undefined}>
            <TableIcon />
            <span class="table-name" title={escaped(name)}>
              <Name name={name} />
            </span>
            <span class="table-count" title={`${exact(entries)} entries`}>
              {count(entries)}
            </span>
          </a>
        </li>
      ))}
    </ul>
  )
}

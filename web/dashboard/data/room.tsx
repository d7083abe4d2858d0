// The data: tables, the keys of one, the entry of a key. The address says which; what is shown stays current.
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { useLocation, useRoute } from 'preact-iso'
import { exact, plural } from '../format.ts'
import { kv, refreshTables, sentence, tables, whileVisible } from '../kv.ts'
import { type DataPlace, dataAddress } from '../shell/addresses.ts'
import { ask } from '../shell/ask.tsx'
import { BackIcon, PlusIcon, RefreshIcon, SearchIcon, TrashIcon } from '../shell/icons.tsx'
import { mayLeave, unsaved } from '../shell/leave.ts'
import { escaped, Name } from '../shell/names.tsx'
import { say } from '../shell/toast.tsx'
import { EntryPanel } from './entry-panel.tsx'
import { KeyList } from './key-list.tsx'
import { NewEntry } from './new-entry.tsx'
import { Tables } from './tables.tsx'

const refreshMs = 3_000
/** Panes stand beside each other from here on, so that moving along the keys may show each entry. */
const isWide = matchMedia('(min-width: 700px)')

type Creating = { table: string | undefined; name?: string }

export function Data(): JSX.Element {
  const { params, query } = useRoute()
  const { route } = useLocation()
  const [creating, setCreating] = useState<Creating | undefined>(undefined)
  const table = params.table ?? query.table
  const { key, prefix = '' } = query

  useEffect(() => whileVisible(refreshTables, refreshMs), [])
  useEffect(() => {
    document.title = `${escaped(key ?? table ?? 'Data')} · Kvass`
  }, [table, key])

  const go = async (place: DataPlace, replace = false) => {
    if (place.key === key && place.table === table) route(dataAddress(place), replace)
    else if (await mayLeave()) route(dataAddress(place), replace)
  }
  const shownPane = table === undefined ? 'tables' : key === undefined ? 'keys' : 'entry'
  return (
    <main class={`data-room shows-${shownPane}`} tabIndex={-1}>
      <h1 class="visually-hidden">Data</h1>
      <Tables current={table} onNew={() => setCreating({ table: undefined })} />
      {table === undefined ? (
        <Nothing onNew={() => setCreating({ table: undefined })} />
      ) : (
        <Keys
          key={table}
          table={table}
          prefix={prefix}
          selected={key}
          onOpen={(name, how) => void go({ table, prefix, key: name }, how === 'move' || key !== undefined)}
          onSearch={(text) => void go({ table, key, prefix: text }, true)}
          onNew={() => setCreating({ table })}
          onDropped={() => route(dataAddress())}
        />
      )}
      {table !== undefined && key !== undefined && (
        <EntryPanel
          key={`${table}\0${key}`}
          table={table}
          name={key}
          tableRevision={revisionOf(table)}
          back={dataAddress({ table, prefix })}
          onGone={() => route(dataAddress({ table, prefix }))}
          onCreate={() => setCreating({ table, name: key })}
        />
      )}
      {table !== undefined && key === undefined && (
        <section class="pane entry resting" aria-label="Entry">
          <p class="pane-empty muted">Choose a key to see its entry.</p>
        </section>
      )}
      {creating && (
        <NewEntry
          {...creating}
          onClose={() => setCreating(undefined)}
          onDone={(newTable, newKey) => {
            setCreating(undefined)
            void go({ table: newTable, key: newKey })
          }}
        />
      )}
    </main>
  )
}

const infoOf = (table: string) => tables.value?.find(({ name }) => name === table)
const revisionOf = (table: string) => infoOf(table)?.revision

function Nothing({ onNew }: { onNew: () => void }): JSX.Element {
  return (
    <section class="pane keys resting" aria-label="Keys">
      <div class="pane-empty">
        <p class="muted">{tables.value?.length === 0 ? 'The store is empty.' : 'Choose a table to see its keys.'}</p>
        {tables.value?.length === 0 && (
          <button type="button" class="button primary" onClick={onNew}>
            <PlusIcon /> New table
          </button>
        )}
      </div>
    </section>
  )
}

interface KeysProps {
  table: string
  prefix: string
  selected: string | undefined
  onOpen: (key: string, how: 'click' | 'move') => void
  onSearch: (prefix: string) => void
  onNew: () => void
  onDropped: () => void
}

function Keys({ table, prefix, selected, onOpen, onSearch, onNew, onDropped }: KeysProps): JSX.Element {
  const [shown, setShown] = useState<{ count: number; isExact: boolean } | undefined>(undefined)
  const info = infoOf(table)
  const drop = async () => {
    const text = `${plural(info?.count ?? 0, 'entry', 'entries')} will be gone for good.`
    const yes = await ask({ title: `Drop ${escaped(table)}?`, text, yes: 'Drop the table', typed: escaped(table) })
    if (!yes) return
    try {
      const gone = await kv.table(table).drop()
      unsaved.value = undefined
      say(`Dropped ${escaped(table)} with ${plural(gone, 'entry', 'entries')}.`)
      await refreshTables()
      onDropped()
    } catch (error) {
      say(sentence(error))
    }
  }
  return (
    <section class="pane keys" aria-labelledby="keys-title">
      <header class="pane-head">
        <a class="button quiet square back-to-tables" href={dataAddress()} aria-label="Back to the tables">
          <BackIcon />
        </a>
        <h2 id="keys-title" class="table-title" title={escaped(table)}>
          <Name name={table} />
        </h2>
        <span class="spring" />
        <button
          type="button"
          class="button quiet square"
          aria-label="Drop the table"
          title="Drop the table"
          onClick={() => void drop()}
        >
          <TrashIcon />
        </button>
        <button
          type="button"
          class="button quiet square"
          aria-label="Refresh"
          title="Refresh"
          onClick={() => void refreshTables()}
        >
          <RefreshIcon />
        </button>
        <button type="button" class="button primary small" onClick={onNew}>
          <PlusIcon /> Entry
        </button>
      </header>
      <PrefixSearch prefix={prefix} onSearch={onSearch} />
      <p class="key-count muted" role="status">
        {shown &&
          `${exact(shown.count)}${shown.isExact ? '' : '+'} ${shown.count === 1 ? 'key' : 'keys'}${prefix === '' ? '' : ' found'}`}
      </p>
      <KeyList
        table={table}
        prefix={prefix}
        selected={selected}
        revision={info?.revision}
        total={info?.count}
        onOpen={(key, how) => {
          if (how === 'click' || isWide.matches) onOpen(key, how)
        }}
        onCount={(count, isExact) => setShown({ count, isExact })}
      />
    </section>
  )
}

/** A search waits until typing rests for so long. */
const typingMs = 150

function PrefixSearch({ prefix, onSearch }: { prefix: string; onSearch: (prefix: string) => void }): JSX.Element {
  const [text, setText] = useState(prefix)
  useEffect(() => setText(prefix), [prefix])
  useEffect(() => {
    if (text === prefix) return
    const timer = setTimeout(() => onSearch(text), typingMs)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <div class="search">
      <SearchIcon />
      <input
        type="search"
        placeholder="Keys that begin with…"
        aria-label="Keys that begin with"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </div>
  )
}

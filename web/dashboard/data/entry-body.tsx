// An entry that is there: what it is, its value in an editor or, where that is large, its beginning, and its deletion.
import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { bytes } from '../format.ts'
import { refreshTables, sentence, stored } from '../kv.ts'
import { ask } from '../shell/ask.tsx'
import { DownloadIcon, TrashIcon } from '../shell/icons.tsx'
import { unsaved } from '../shell/leave.ts'
import { escaped } from '../shell/names.tsx'
import { say } from '../shell/toast.tsx'
import { actOn } from './conflict.tsx'
import { beginningOf, sizeOf, typeOf } from './drafts.ts'
import { Edit, type EditProps } from './edit.tsx'
import { Facts } from './facts.tsx'
import { FileButton } from './file-button.tsx'
import { download, read } from './files.ts'
import type { Other } from './seen.ts'

/** Larger values are shown in part until all is asked for. */
const hugeBytes = 65_536
const previewCharacters = 8_192
/** Larger ones are not edited in a page: a keystroke would be felt. Bytes take three digits each. */
const mostTextBytes = 8_388_608
const mostBinaryBytes = 2_097_152

interface BodyProps extends EditProps {
  /** Tells what a refused write met. */
  onMet: (now: Other) => void
  onGone: () => void
}

export function EntryBody({ onGone, ...props }: BodyProps): JSX.Element {
  const { table, entry, onMet } = props
  const size = useMemo(() => sizeOf(entry.value), [entry.value])
  const [isWhole, setWhole] = useState(size <= hugeBytes)
  const name = escaped(entry.key)
  const remove = async () => {
    const text = `${name} will be gone from ${escaped(table)} for good.`
    if (!(await ask({ title: 'Delete this entry?', text, yes: 'Delete' }))) return
    try {
      const { met } = await actOn(entry, {
        act: (ifRevision) => stored(table).delete(entry.key, { ifRevision }),
        mine: entry.value,
        mineTitle: 'As you saw it',
        title: 'It changed since you looked',
        yes: 'Delete it anyway',
      })
      if (met !== undefined && met !== 'gone') return onMet(met)
      unsaved.value = undefined
      say(met === undefined ? `Deleted ${name}.` : `${name} was already gone.`)
      onGone()
      void refreshTables()
    } catch (error) {
      say(sentence(error))
    }
  }
  return (
    <>
      <div class="entry-facts">
        <Facts entry={entry} size={size} />
        <button type="button" class="button quiet danger-text" onClick={() => void remove()}>
          <TrashIcon /> Delete
        </button>
      </div>
      {isWhole ? <Edit {...props} /> : <Preview {...props} size={size} onWhole={() => setWhole(true)} />}
    </>
  )
}

interface PreviewProps extends Omit<BodyProps, 'onGone'> {
  size: number
  onWhole: () => void
}

function Preview({ table, entry, size, onWhole, onSaved, onMet }: PreviewProps): JSX.Element {
  const text = useMemo(() => beginningOf(entry.value, previewCharacters), [entry.value])
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const type = typeOf(entry.value)
  const most = type === 'binary' ? mostBinaryBytes : mostTextBytes
  const replace = async (file: File) => {
    const { value, error } = await read(file, type)
    setProblem(error)
    if (!value) return
    const question = `${file.name} (${bytes(file.size)}) takes the place of the value of ${escaped(entry.key)}.`
    if (!(await ask({ title: 'Replace the value?', text: question, yes: 'Replace' }))) return
    try {
      const { done, met } = await actOn(entry, {
        act: (ifRevision) => stored(table).save(entry.key, value, { ifRevision }),
        mine: value,
        mineTitle: 'The file',
        title: 'It changed since you looked',
        yes: 'Replace it anyway',
      })
      if (met !== undefined) return onMet(met)
      say(`Replaced the value of ${escaped(entry.key)}.`)
      onSaved({ ...entry, value, revision: done })
      void refreshTables()
    } catch (failure) {
      setProblem(sentence(failure))
    }
  }
  return (
    <div class="preview">
      <p class="notice">
        <span>
          This value has {bytes(size)}. Its beginning is shown.
          {size > most &&
            ` It is more than the ${bytes(most)} that can be edited here: download it, change it, and upload it again.`}
        </span>
        <span class="spring" />
        <span class="choice">
          <button type="button" class="button small" onClick={() => download(entry.value, entry.key)}>
            <DownloadIcon /> Download
          </button>
          <FileButton onFile={(file) => void replace(file)}>Upload</FileButton>
          {size <= most && (
            <button type="button" class="button small" onClick={onWhole}>
              Show all and edit
            </button>
          )}
        </span>
      </p>
      {problem !== undefined && (
        <p class="problem bad" role="alert">
          {problem}
        </p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <section class="literal beginning" tabIndex={0} aria-label="Beginning of the value">
        {text}…
      </section>
    </div>
  )
}

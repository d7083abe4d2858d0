// The dashboard's pictograms, drawn here; they say nothing to a screen reader, their buttons do.
import type { ComponentChildren, JSX } from 'preact'

function Icon({ children }: { children: ComponentChildren }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      {children}
    </svg>
  )
}

const path = (d: string) => () => (
  <Icon>
    <path d={d} />
  </Icon>
)

export const PlusIcon = path('M10 4v12M4 10h12')
export const TrashIcon = path('M4 6h12M8 6V4h4v2M6 6l.7 10h6.6L14 6M8.5 9v4.5M11.5 9v4.5')
export const RefreshIcon = path('M15.5 8A6 6 0 1 0 16 11.5M16 4v4.2h-4.2')
export const SearchIcon = path('M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM13 13l4 4')
export const BackIcon = path('M12 4l-6 6 6 6')
export const CopyIcon = path('M7.5 7.5h9v9h-9zM12.5 7.5v-4h-9v9h4')
export const CheckIcon = path('M4 10.5l4 4 8-9')
export const DownloadIcon = path('M10 3v9M6 8.5l4 4 4-4M4 16.5h12')
export const UploadIcon = path('M10 13V4M6 7.5l4-4 4 4M4 16.5h12')
export const SunIcon = path(
  'M10 13.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM10 1.5v2M10 16.5v2M1.5 10h2M16.5 10h2M4 4l1.4 1.4M14.6 14.6L16 16M4 16l1.4-1.4M14.6 5.4L16 4',
)
export const MoonIcon = path('M16 12.2A6.7 6.7 0 0 1 7.8 4 6.7 6.7 0 1 0 16 12.2z')
export const CloseIcon = path('M5 5l10 10M15 5L5 15')
export const WarningIcon = path('M10 3l7.5 13.5h-15zM10 8v4M10 14v.5')
export const TableIcon = path('M3 4.5h14v11H3zM3 8.5h14M8 8.5v7')

/** The mark of Kvass: a glass of it. */
export function Mark(): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path class="mark-glass" d="M6 4h20l-2.6 22.4A2.9 2.9 0 0 1 20.5 29h-9a2.9 2.9 0 0 1-2.9-2.6z" />
      <path class="mark-drink" d="M7.1 11.5h17.8l-1.7 14.7a2.2 2.2 0 0 1-2.2 2H11a2.2 2.2 0 0 1-2.2-2z" />
      <path
        class="mark-foam"
        d="M6.6 8.2c2-2 4.2-.6 5.2-.2 1.4-2 3.6-2 5 0 1.6-1.6 3.6-1.4 4.6.2 1.2-1 2.9-1 4.1.1l-.5 4.2H7z"
      />
      <g class="mark-foam">
        <circle cx="13" cy="18" r="1.3" />
        <circle cx="18.5" cy="21.5" r="1.6" />
        <circle cx="14.5" cy="24.5" r="1" />
      </g>
    </svg>
  )
}

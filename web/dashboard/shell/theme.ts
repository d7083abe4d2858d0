// Light or dark: the system's choice, or the user's, which is kept in this browser.
import { signal } from '@preact/signals'

export type Theme = 'light' | 'dark'
const storageKey = 'kvass-theme'
const system = matchMedia('(prefers-color-scheme: dark)')

/** A page may be denied storage; the choice then lasts as long as the page. */
function stored(): string | null {
  try {
    return localStorage.getItem(storageKey)
  } catch {
    return null
  }
}

const current = (): Theme => {
  const chosen = stored()
  return chosen === 'light' || chosen === 'dark' ? chosen : system.matches ? 'dark' : 'light'
}

export const theme = signal<Theme>(current())
if (stored() !== null) document.documentElement.dataset.theme = theme.peek()

system.addEventListener('change', () => {
  theme.value = current()
})

export function toggleTheme(): void {
  const next = theme.value === 'dark' ? 'light' : 'dark'
  try {
    if (next === (system.matches ? 'dark' : 'light')) localStorage.removeItem(storageKey)
    else localStorage.setItem(storageKey, next)
  } catch {
    // Kept for this page only.
  }
  document.documentElement.dataset.theme = next
  theme.value = next
}

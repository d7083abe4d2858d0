// Puts the dashboard into the page.
import { render } from 'preact'
import { App } from './app.tsx'
import { guardLeaving } from './shell/leave.ts'

guardLeaving()
render(<App />, document.getElementById('app')!)

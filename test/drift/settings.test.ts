// An option, a limit or a metric is where its users look for it, and does something. What is left out is named.
// CONTRIBUTING.md has the steps in order.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import protobuf from 'protobufjs'
import { expect, test } from 'vitest'
import { type Limits, limitTable } from '../../proto/limits.ts'
import { type OptionName, optionNames, optionSchemas } from '../../server/options.ts'
import { kvass } from '../helpers/command-line.ts'
import { startGateway } from '../helpers/gateway.ts'
import { dial } from '../helpers/wire.ts'

const schema = new protobuf.Root().loadSync('proto/kv.proto', { keepCase: false })

/** The gateway's code but for the table of options, which reads none of them. */
const code = readdirSync('server', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && path !== 'options.ts')
  .map((path) => ({ path, text: readFileSync(join('server', path), 'utf8') }))

/** Whether anything reads the option. config.ts names many only to compare them with one another. */
function isRead(name: string): boolean {
  return code.some(({ path, text }) => {
    const use = path === 'config.ts' ? `config\\.${name}\\b` : `\\b${name}\\b`
    return new RegExp(use).test(text)
  })
}

test('each option has prose, is shown by the help, and is read', async () => {
  const { out } = await kvass(['serve', '--help'])
  const lacks = optionNames.flatMap((name: OptionName) => {
    const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    return [
      /[a-z].*\.$/i.test(optionSchemas[name].description) ? [] : `${name} is not described by a sentence`,
      new RegExp(`--(no-)?${flag}\\b`).test(out) ? [] : `kvass serve --help does not show --${flag}`,
      isRead(name) ? [] : `nothing in server/ reads ${name}`,
    ].flat()
  })
  expect(lacks).toEqual([])
})

test('an option that nothing reads is found out', () => {
  expect(['port', 'insecure', 'maxFrameBytes', 'unheardOf'].map(isRead)).toEqual([true, true, true, false])
})

test('the limits that a client must know are told to it, and are in the SDK', async () => {
  const told = schema.lookupType('abi.Limits').fieldsArray.map(({ name }) => name)
  expect(told.filter((name) => !(name in limitTable))).toEqual([])
  const changed = Object.fromEntries(told.map((name) => [name, limitTable[name as keyof Limits].default - 1]))
  const { ws } = await startGateway({ store: 'memory', ...changed })
  const { welcome } = await (await dial.ws(ws)).ask({ hello: {} })
  expect(welcome?.limits).toEqual(changed)
  const types = readFileSync('web/sdk/types.ts', 'utf8')
  const lacks = told.filter((name) => !types.includes(`${name}: number`))
  expect(lacks.map((name) => `Welcome in web/sdk/types.ts does not have ${name}`)).toEqual([])
})

/** The rows of METRICS.md: name, type and meaning. */
function documented(): string[] {
  const rows = [...readFileSync('server/http/METRICS.md', 'utf8').matchAll(/^\| `(\w+)` *\| (\w+) *\| (.*?) *\|$/gm)]
  return rows.map(([, name, type, meaning]) => `${name} ${type} ${meaning}`)
}

test('METRICS.md has the metrics of the gateway, as it serves them', async () => {
  const { http } = await startGateway()
  const text = await (await fetch(`${http}/metrics`)).text()
  const types = new Map([...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, type]) => [name, type]))
  const served = [...text.matchAll(/^# HELP (kvass_\w+) (.*)$/gm)].map(([, name, help]) => {
    return `${name} ${types.get(name)} ${help}`
  })
  expect(served.length).toBeGreaterThan(15)
  expect(documented()).toEqual(served)
})

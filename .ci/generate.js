// Writes proto/gen/ from proto/kv.proto: the server's static protobufjs codec, and the field tables that the request
// check and the SDK's codec walk. `--check` compares instead of writing, and fails if there is a difference.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import protobuf from 'protobufjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const gen = join(root, 'proto/gen')
const kv = () => new protobuf.Root().loadSync(join(root, 'proto/kv.proto'), { keepCase: false })
const abi = (/** @type {protobuf.Root} */ schema) => /** @type {protobuf.Namespace} */ (schema.lookup('abi'))

/** The messages whose strings the server reads as text; in the others it keeps the bytes. */
const textMessages = new Set(['Hello', 'Welcome', 'CommandResponse'])

/** The server's schema: the same wire format, but a Value stays encoded, and keys and names stay bytes. */
function serverSchema() {
  const schema = kv()
  for (const type of abi(schema).nestedArray) {
    if (!(type instanceof protobuf.Type)) continue
    for (const field of type.fieldsArray) {
      if (field.type === 'Value') field.type = 'bytes'
      if (field.type === 'string' && !textMessages.has(type.name)) field.type = 'bytes'
    }
  }
  abi(schema).remove(schema.lookupType('abi.Value'))
  return schema
}

function staticModule() {
  const folder = mkdtempSync(join(tmpdir(), 'kvass-gen-'))
  try {
    const json = join(folder, 'kv.json')
    const out = join(folder, 'kv.js')
    writeFileSync(json, JSON.stringify(serverSchema().toJSON()))
    const pbjs = join(root, 'node_modules/protobufjs-cli/bin/pbjs')
    const flags = '--no-verify --no-convert --no-delimited --no-typeurl --no-service --no-create'.split(' ')
    const args = [pbjs, '-t', 'static-module', '-w', 'esm', '--dependency', 'protobufjs/minimal.js', '--dts', ...flags]
    execFileSync(process.execPath, [...args, '-o', out, json], { stdio: ['ignore', 'ignore', 'inherit'] })
    return { js: readFileSync(out, 'utf8'), dts: readFileSync(join(folder, 'kv.d.ts'), 'utf8') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** @type {Record<string, string>} */
const scalars = { string: 's', bytes: 'b', uint32: 'u', uint64: 'U', int64: 'i', double: 'd', bool: 't' }

/** One line per message: its fields, as proto/fields.ts reads them, in the order in which lines name the messages. */
function tables() {
  const lines = []
  const schema = abi(kv())
  const names = new Set(['CommandRequest', 'CommandResponse'])
  for (const name of names) {
    let last = 0
    const fields = schema
      .lookupType(name)
      .fieldsArray.toSorted((a, b) => a.id - b.id)
      .map((field) => {
        const isEnum = field.resolve().resolvedType instanceof protobuf.Enum
        const letter = isEnum ? 'u' : (scalars[field.type] ?? field.type)
        const isMember = field.partOf !== null && !field.options?.proto3_optional
        const number = field.id === last + 1 ? '' : field.id
        last = field.id
        if (field.resolvedType instanceof protobuf.Type) names.add(field.type)
        const isNamesake = letter === field.name[0]?.toUpperCase() + field.name.slice(1)
        const mark = field.repeated ? '+' : isMember ? '|' : letter === 's' ? '' : ':'
        return ` ${number}${field.name}${mark}${isNamesake || mark === '' ? '' : letter}`
      })
    lines.push(fields.join(''))
  }
  return `// Generated from kv.proto by .ci/generate.js: the fields of each message, for codecs that walk tables.
import { fieldTables } from '../fields.ts'

export const tables = /* @__PURE__ */ fieldTables(\`${lines.join('\n')}\`)
`
}

const { js, dts } = staticModule()
const files = { 'kv.js': js, 'kv.d.ts': dts, 'tables.ts': tables() }
for (const [name, text] of Object.entries(files)) {
  const path = join(gen, name)
  if (!process.argv.includes('--check')) writeFileSync(path, text)
  else if (readFileSync(path, 'utf8') !== text) {
    console.error(`proto/gen/${name} differs from what kv.proto generates: run npm run generate`)
    process.exitCode = 1
  }
}

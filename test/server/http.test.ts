// What is served over HTTP besides the upgrade: health, metrics, the SDK, errors, and the headers on all of it.
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ConfigError } from '../../server/index.ts'
import { startGateway } from '../helpers/gateway.ts'
import { temporaryFolder } from '../helpers/temporary.ts'
import { until } from '../helpers/until.ts'
import { dial, request } from '../helpers/wire.ts'

interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A GET whose headers, Host included, can be anything. */
async function get(url: string, headers: Record<string, string> = {}): Promise<Reply> {
  const sent = httpRequest(url, { headers, agent: false })
  sent.end()
  const [response] = await once(sent, 'response')
  let body = ''
  for await (const chunk of response.setEncoding('utf8')) body += chunk
  return { status: response.statusCode, headers: response.headers, body }
}

test('/healthz says that the process lives, /readyz that the store answers', async () => {
  const { http } = await startGateway({ store: 'memory' })
  expect(await get(`${http}/healthz`)).toMatchObject({ status: 200, body: '{"status":"ok"}' })
  const ready = await get(`${http}/readyz`)
  expect(ready.status).toBe(200)
  expect(JSON.parse(ready.body)).toMatchObject({ status: 'ready', store: 'memory', revision: 0 })
})

test('/readyz is 503 while the store can make no write safe', async () => {
  const { http, gateway } = await startGateway({ store: 'memory' })
  gateway.store.whenSafe = (_table, _revision, callback) =>
    void queueMicrotask(() => callback(new Error('the log failed')))
  const ready = await get(`${http}/readyz`)
  expect(ready.status).toBe(503)
  expect(JSON.parse(ready.body)).toEqual({ status: 'store failed', message: 'the log failed' })
})

test('while draining /readyz is 503, /healthz 200, and an upgrade 503', async () => {
  const { http, ws, gateway } = await startGateway({ store: 'memory' })
  // A half-sent frame keeps the drain waiting: its connection is not idle, and the peer does not answer the close.
  const client = dial.duplex(gateway.connect())
  client.send(request({ id: 1, ping: {} }))
  await client.next()
  client.pause()
  const slow = await dial.ws(ws)
  slow.pause()
  const closed = gateway.close()
  expect((await get(`${http}/readyz`)).status).toBe(503)
  expect((await get(`${http}/healthz`)).status).toBe(200)
  await expect(dial.ws(ws)).rejects.toThrow('Unexpected server response: 503')
  slow.resume()
  client.resume()
  client.end()
  await closed
  await expect(get(`${http}/healthz`)).rejects.toThrow('ECONNREFUSED')
})

test('/metrics counts connections, commands, bytes and the store, in the format of Prometheus', async () => {
  const { http, ws } = await startGateway({ store: 'memory' })
  const client = await dial.ws(ws)
  const table = 't'
  client.send(request({ hset: { table, pair: { key: 'k', value: { string: 'v' } } } }))
  client.send(request({ hget: { table, key: 'k' } }))
  client.send(request({ hget: { table, key: 'missing' } }))
  await client.frames.take(3)
  const { body, headers } = await get(`${http}/metrics`)
  expect(headers['content-type']).toContain('text/plain; version=0.0.4')
  const lines = body.split('\n')
  for (const line of [
    'kvass_connections 1',
    'kvass_connections_opened_total 1',
    'kvass_commands_total{command="hset",status="200"} 1',
    'kvass_commands_total{command="hget",status="200"} 1',
    'kvass_commands_total{command="hget",status="404"} 1',
    'kvass_command_seconds_bucket{command="hget",le="+Inf"} 2',
    'kvass_command_seconds_count{command="hget"} 2',
    'kvass_store_entries 1',
    'kvass_store_tables 1',
    'kvass_store_revision 1',
    'kvass_queued_bytes 0',
    '# TYPE kvass_command_seconds histogram',
  ]) {
    expect(lines).toContain(line)
  }
  expect(body).toMatch(/^kvass_bytes_total\{direction="in"\} [1-9]/m)
  expect(body).toMatch(/^kvass_bytes_total\{direction="out"\} [1-9]/m)
  expect(body).toMatch(/^kvass_event_loop_delay_seconds\{quantile="0.99"\} \d/m)
  expect(body).toMatch(/^process_resident_memory_bytes [1-9]/m)
  // Every sample belongs to a metric that is declared, and no metric is declared twice.
  const declared = lines.filter((line) => line.startsWith('# TYPE')).map((line) => line.split(' ')[2]!)
  expect(new Set(declared).size).toBe(declared.length)
  for (const line of lines.filter((line) => line !== '' && !line.startsWith('#'))) {
    expect(line).toMatch(/^[a-z_][a-z_\d]*(\{[^{}]*\})? [-+.\dea-zA-Z]+$/)
    const name = line.split(/[ {]/)[0]!
    expect(declared.some((metric) => name === metric || name.replace(/_(bucket|sum|count)$/, '') === metric)).toBe(true)
  }
})

test('commits of the disk store are measured', async () => {
  const { http, ws } = await startGateway()
  const client = await dial.ws(ws)
  client.send(request({ hset: { table: 't', pair: { key: 'k', value: { string: 'v' } } } }))
  await client.next()
  const { body } = await get(`${http}/metrics`)
  expect(body).toMatch(/^kvass_commit_seconds_count [1-9]/m)
  expect(body).toMatch(/^kvass_commit_writes_total 1$/m)
  expect(body).toMatch(/^kvass_store_bytes\{kind="disk"\} [1-9]/m)
})

test('two gateways in one process count for themselves', async () => {
  const [a, b] = [await startGateway({ store: 'memory' }), await startGateway({ store: 'memory' })]
  await dial.ws(a.ws)
  expect((await get(`${a.http}/metrics`)).body).toMatch(/^kvass_connections 1$/m)
  expect((await get(`${b.http}/metrics`)).body).toMatch(/^kvass_connections 0$/m)
})

test('/sdk.js is a module that pages of any origin may import, and revalidate', async () => {
  const { http } = await startGateway({ store: 'memory' })
  const { status, headers, body } = await get(`${http}/sdk.js`)
  expect(status).toBe(200)
  expect(headers['content-type']).toMatch(/^(text|application)\/javascript; charset=utf-8$/i)
  expect(headers).toMatchObject({
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
  })
  expect(body).toContain('export')
  const again = await get(`${http}/sdk.js`, { 'if-none-match': headers.etag! })
  expect(again).toMatchObject({ status: 304, body: '' })
})

test('the dashboard is served to whoever goes to an address that nothing else has, with a strict policy', async () => {
  const { http } = await startGateway({ store: 'memory' })
  const accept = 'text/html,application/xhtml+xml,*/*;q=0.8'
  for (const path of ['/', '/data', '/data/some%20table?key=a', '/nowhere', '/a/b.c']) {
    const { status, headers, body } = await get(`${http}${path}`, { accept })
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(body).toContain('<script type="module"')
    const policy = String(headers['content-security-policy']).split(';')
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
      ]),
    )
    expect(headers['content-security-policy']).not.toMatch(/unsafe/)
    expect(headers['x-frame-options']).toBe('DENY')
  }
  for (const headers of [undefined, { accept: '*/*' }, { accept: 'application/json' }]) {
    expect(await get(`${http}/nowhere`, headers)).toMatchObject({
      status: 404,
      headers: { 'content-type': 'application/json; charset=utf-8', vary: 'Accept' },
      body: '{"status":404,"message":"There is nothing at /nowhere."}',
    })
  }
  expect(await get(`${http}/assets/nowhere.js`, { accept })).toMatchObject({ status: 404 })
  expect(await get(`${http}/healthz`, { accept })).toMatchObject({ body: '{"status":"ok"}' })
  const page = await get(`${http}/`)
  const script = /src="[./]*(assets\/[^"]+)"/.exec(page.body)![1]
  expect(await get(`${http}/${script}`)).toMatchObject({
    status: 200,
    headers: { 'cache-control': 'public, max-age=31536000, immutable' },
  })
})

test('a folder of pages is served below /pages/, without the policy of our own and without hidden files', async () => {
  const pages = temporaryFolder()
  writeFileSync(join(pages, 'index.html'), '<h1>mine</h1>')
  writeFileSync(join(pages, '.env'), 'secret')
  const { http } = await startGateway({ store: 'memory', pages })
  for (const path of ['/pages/', '/pages/index.html']) {
    const { status, headers, body } = await get(`${http}${path}`)
    expect([status, body]).toEqual([200, '<h1>mine</h1>'])
    expect(headers['content-security-policy']).toBeUndefined()
    expect(headers['x-content-type-options']).toBe('nosniff')
  }
  for (const path of ['/pages/.env', '/pages/%2eenv', '/pages/..%2fpackage.json', '/pages/nothing']) {
    const { status, body } = await get(`${http}${path}`)
    expect([path, [403, 404].includes(status)]).toEqual([path, true])
    expect(body).not.toContain('secret')
  }
  await expect(startGateway({ store: 'memory', pages: join(pages, 'none') })).rejects.toThrow(ConfigError)
})

test('without the dashboard / is not found, and the rest is', async () => {
  const { http } = await startGateway({ store: 'memory', dashboard: false })
  expect((await get(`${http}/`)).status).toBe(404)
  expect((await get(`${http}/healthz`)).status).toBe(200)
})

test.each(['/nothing', '/assets/nothing.js', '/../../package.json', '/.env'])(
  '%s is a 404 with a JSON body',
  async (path) => {
    const { http } = await startGateway({ store: 'memory' })
    const { status, headers, body } = await get(`${http}${path}?token=secret`)
    expect(status).toBe(404)
    expect(headers['content-type']).toContain('application/json')
    expect(JSON.parse(body).status).toBe(404)
    expect(body).not.toContain('secret')
    expect(headers['content-security-policy']).toBeDefined()
  },
)

test('no path leads out of the folders that are served', async () => {
  const { http } = await startGateway({ store: 'memory' })
  for (const path of [
    '/assets/..%2f..%2f..%2fpackage.json',
    '/assets/%2e%2e/%2e%2e/%2e%2e/package.json',
    '/assets//etc/passwd',
  ]) {
    const { status, body } = await get(`${http}${path}`)
    expect([403, 404]).toContain(status)
    expect(JSON.parse(body).status).toBe(status)
  }
})

test('a plain GET of the WebSocket endpoint says what to do: 426', async () => {
  const { http } = await startGateway({ store: 'memory' })
  const { status, headers } = await get(`${http}/ws`)
  expect(status).toBe(426)
  expect(headers.upgrade).toBe('websocket')
})

test('a health checker that sends no Host, as HTTP/1.0 allows, is answered on loopback', async () => {
  const { http } = await startGateway({ store: 'memory' })
  const { hostname, port } = new URL(http)
  for (const path of ['/healthz', '/readyz']) {
    const socket = connect(Number(port), hostname)
    socket.end(`GET ${path} HTTP/1.0\r\n\r\n`)
    let answer = ''
    for await (const chunk of socket) answer += chunk
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  }
})

test('on loopback a Host that is not ours is refused, so that a foreign name cannot be pointed at us', async () => {
  const { http } = await startGateway({ store: 'memory', allowOrigin: ['https://kv.example:8443'] })
  const port = new URL(http).port
  for (const host of [
    `127.0.0.1:${port}`,
    'localhost',
    `LOCALHOST:${port}`,
    '[::1]:1',
    'kv.example:8443',
    'kv.example',
  ]) {
    expect([host, (await get(`${http}/metrics`, { host })).status]).toEqual([host, 200])
  }
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '@',
  ]) {
    expect([host, (await get(`${http}/metrics`, { host })).status]).toEqual([host, 403])
  }
})

test('the head of a request may take headersTimeoutMs, not longer', async () => {
  const { http } = await startGateway({ store: 'memory', headersTimeoutMs: 200 })
  const { hostname, port } = new URL(http)
  const silent = connect(Number(port), hostname)
  const dripping = connect(Number(port), hostname)
  dripping.write('GET / HTTP/1.1\r\nHost: local')
  let reply = ''
  dripping.setEncoding('utf8').on('data', (text) => {
    reply += text
  })
  silent.resume()
  await Promise.all([once(silent, 'close'), once(dripping, 'close')])
  expect(reply).toContain('408 Request Timeout')
  await until('the gateway still serves', async () => (await get(`${http}/healthz`)).status === 200)
})

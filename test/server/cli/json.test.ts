// Cutting files into records at any chunking, with the line of each record and of whatever is wrong.
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { propertyTexts, type RecordText, splitDocument, splitLines } from '../../../server/cli/json.ts'

type Split = (chunks: AsyncIterable<Buffer>) => AsyncGenerator<RecordText[]>

async function split(by: Split, input: string | Buffer, chunkBytes = 7): Promise<[text: string, line: number][]> {
  const bytes = Buffer.from(input)
  const chunks: Buffer[] = []
  for (let at = 0; at < bytes.length; at += chunkBytes) chunks.push(bytes.subarray(at, at + chunkBytes))
  const records: [string, number][] = []
  for await (const some of by(Readable.from(chunks))) for (const { text, line } of some) records.push([text, line])
  return records
}

test('lines of any length come out whole, with their numbers', async () => {
  const input = '\ufeff{"a":1}\r\n\n  {"ü":"€"}\n"last"'
  for (let size = 1; size < 30; size++) {
    expect(await split(splitLines, input, size === 1 ? 3 : size + 2)).toEqual([
      ['{"a":1}', 1],
      ['{"ü":"€"}', 3],
      ['"last"', 4],
    ])
  }
})

test('elements of an array keep their text', async () => {
  const input = '[\n {"a": "],}\\"["},\n 9007199254740993 ,[1,[2]]\n]\n'
  for (let size = 1; size < 40; size++) {
    expect(await split(splitDocument, input, size)).toEqual([
      ['{"a": "],}\\"["}', 2],
      ['9007199254740993', 3],
      ['[1,[2]]', 3],
    ])
  }
})

test('properties of an object come as objects of one property', async () => {
  expect(await split(splitDocument, '{"a":1,\n"b" : {"c":[]}}')).toEqual([
    ['{"a":1}', 1],
    ['{"b" : {"c":[]}}', 2],
  ])
})

test('any array of documents is cut at its elements', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue(), { maxLength: 5 }),
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 1, max: 20 }),
      async (documents, indent, size) => {
        const records = await split(splitDocument, JSON.stringify(documents, null, indent), size)
        expect(records.map(([text]) => JSON.parse(text))).toEqual(JSON.parse(JSON.stringify(documents)))
      },
    ),
    { numRuns: 60 },
  )
})

test('nothing is a document, and an empty one has no records', async () => {
  expect(await split(splitDocument, '[]')).toEqual([])
  expect(await split(splitDocument, ' { } ')).toEqual([])
  expect(await split(splitLines, '\n\n')).toEqual([])
})

test.each([
  ['', /^line 1: empty/],
  ['[1,\n2', /^line 2: the file ends before the closing \]/],
  ['[1,\n]', /^line 2: a comma without a record/],
  ['[,1]', /^line 1: a comma without a record/],
  ['[1}', /^line 1: } where ] or , is needed/],
  ['{"a":1}\n{"b":2}', /^line 2: text after the end of the document; .*ndjson/],
  ['17', /^line 1: a JSON file to import is an array/],
])('%j is refused', async (input, message) => {
  await expect(split(splitDocument, input)).rejects.toThrow(message)
})

test('bytes that are not UTF-8 are named by line', async () => {
  const input = Buffer.concat([Buffer.from('{}\n"'), Buffer.from([0xff]), Buffer.from('"\n')])
  await expect(split(splitLines, input)).rejects.toThrow(/^line 2: not UTF-8/)
})

test.each([
  [splitLines, Buffer.from('{}\n\xff', 'latin1')],
  [splitDocument, Buffer.from('[{},1}')],
])('records before the bad one come out', async (by, input) => {
  const texts: string[] = []
  const all = (async () => {
    for await (const some of by(Readable.from([input]))) texts.push(...some.map(({ text }) => text))
  })()
  await expect(all).rejects.toThrow(/^line/)
  expect(texts).toEqual(['{}'])
})

test('any object gives the text of each of its properties', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.integer({ min: 0, max: 2 }), (object, indent) => {
      const text = JSON.stringify(object, null, indent)
      const parsed = JSON.parse(text) as Record<string, unknown>
      const texts = propertyTexts(text)
      expect([...texts.keys()].sort()).toEqual(Object.keys(parsed).sort())
      for (const [name, part] of texts) {
        expect(JSON.parse(part)).toEqual(parsed[name])
        expect(part).toBe(part.trim())
      }
    }),
  )
})

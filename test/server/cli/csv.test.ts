// CSV as rows with their lines, at any chunking, through the library that parses it.
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { splitRows } from '../../../server/cli/csv.ts'

async function rows(input: string | Buffer, delimiter = ',', chunkBytes = 5): Promise<[string[], number][]> {
  const bytes = Buffer.from(input)
  const chunks: Buffer[] = []
  for (let at = 0; at < bytes.length; at += chunkBytes) chunks.push(bytes.subarray(at, at + chunkBytes))
  const found: [string[], number][] = []
  for await (const some of splitRows(Readable.from(chunks), delimiter))
    for (const { cells, line } of some) found.push([cells, line])
  return found
}

test('quotes, line breaks in cells, a byte order mark and blank lines', async () => {
  expect(await rows('\ufeffid,name\r\n1,"a ""b"", c"\r\n\r\n2,"two\nlines"\r\n3,€\r\n')).toEqual([
    [['id', 'name'], 1],
    [['1', 'a "b", c'], 2],
    [['2', 'two\nlines'], 5],
    [['3', '€'], 6],
  ])
})

test.each([1, 2, 3, 5, 1_000])('outside of quotes each kind of line end ends a row, in chunks of %i', async (size) => {
  const input = 'id,name\n1,"a\r\nb"\r\n2,"c\rd"\r3,e\n\r\n4,"f\n"\r\n5,g\r\r6,h'
  expect((await rows(input, ',', size)).map(([cells]) => cells)).toEqual([
    ['id', 'name'],
    ['1', 'a\r\nb'],
    ['2', 'c\rd'],
    ['3', 'e'],
    ['4', 'f\n'],
    ['5', 'g'],
    ['6', 'h'],
  ])
})

test('another delimiter', async () => {
  expect(await rows('a\tb\n1\t2', '\t')).toEqual([
    [['a', 'b'], 1],
    [['1', '2'], 2],
  ])
})

test('many rows keep their order', async () => {
  const input = Array.from({ length: 5_000 }, (_, index) => `${index},x`).join('\n')
  const found = await rows(input, ',', 1_000)
  expect(found.map(([cells]) => Number(cells[0]))).toEqual(Array.from({ length: 5_000 }, (_, index) => index))
})

test('a row with too many cells, an open quote and bytes that are no text are named by line', async () => {
  await expect(rows('a,b\n1,2\n1,2,3\n')).rejects.toThrow(/^line 3: Invalid Record Length: expect 2, got 3$/)
  await expect(rows('a,b\n1,"2\n')).rejects.toThrow(/^line [23]: /)
  await expect(rows(Buffer.from([0x61, 0x0a, 0xff, 0x0a]))).rejects.toThrow(/^line \d: not UTF-8/)
})

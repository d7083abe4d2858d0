// The power-loss torture for as long as wanted, after `npm run build`; it prints what it found and ends with 1 if that
// is anything. One seed replays the load and the choices of one story; when which thread runs is up to the machine.
// node --import tsx test/torture/power/long.ts --images 20000 [--seed N] [--story whole|killed|...] [--plant FAULT]
import { parseArgs } from 'node:util'
import { runSeed } from '../../helpers/random.ts'
import { type Story, stories } from './recording.ts'
import { describe, Stories } from './stories.ts'

const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '20000' },
    seed: { type: 'string' },
    story: { type: 'string' },
    plant: { type: 'string' },
    'images-per-story': { type: 'string', default: '250' },
  },
})
const { story: wanted, plant } = values
if (wanted !== undefined && !stories.includes(wanted as Story)) {
  throw new Error(`--story ${wanted}: one of ${stories.join(', ')}`)
}
const told = stories.filter((story) => wanted === undefined || story === wanted)
const wantedImages = Number(values.images)
const each = Math.min(wantedImages, Number(values['images-per-story']))
const firstSeed = values.seed === undefined ? runSeed() : Number(values.seed)
const torture = await Stories.open()
let images = 0
let wrong = 0
try {
  for (let index = 0; images < wantedImages; index++) {
    const report = await torture.run({
      story: told[index % told.length]!,
      images: each,
      seed: firstSeed + index,
      plant,
    })
    images += report.images
    wrong += report.wrong.length
    console.log(`${images} of ${wantedImages}; ${describe(report)}`)
    for (const line of report.wrong.slice(0, 20)) console.log(`  ${line}`)
  }
} finally {
  torture.close()
}
console.log(`${images} images, ${wrong} wrong; --seed ${firstSeed}`)
if (wrong > 0) process.exitCode = 1

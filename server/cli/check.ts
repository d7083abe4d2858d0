// `kvass check DIR`: verifies a data directory that no gateway uses.
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { exitCodes, type Io } from './io.ts'
import { printing } from './output.ts'

const help = `
Reads every record of the log and every page of the tables, compares entries, indexes and counts, and changes
nothing. Prints what is wrong and where; exits with 1 then.

Example:
  $ kvass check ./kvass-data`

export function registerCheck(program: Command, io: Io): void {
  program
    .command('check')
    .description('Verify a data directory that no gateway uses.')
    .argument('<directory>', 'the directory that serve --data names')
    .addHelpText('after', help)
    .action(async (directory: string) => {
      const { checkDirectory } = await import('../store/disk/verify.ts')
      await printing(io.stdout, async (out) => {
        const sound = await checkDirectory(resolve(io.cwd, directory), (line) => out.note(line))
        if (!sound) io.setExitCode(exitCodes.failed)
      })
    })
}

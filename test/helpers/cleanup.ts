// Undoes what a helper set up: when the test that asked for it ends, or with the file if a hook asked for it.
import { afterAll, onTestFinished, TestRunner } from 'vitest'

const ofTheFile: (() => unknown)[] = []

afterAll(async () => {
  for (const undo of ofTheFile.reverse()) await undo()
})

/** Calls `undo`, and awaits it, when the current test is over, or else the current file; the last one first. */
export function whenOver(undo: () => unknown): void {
  if (TestRunner.getCurrentTest()) onTestFinished(async () => void (await undo()))
  else ofTheFile.push(undo)
}

// What options and arguments of commands may be: numbers, durations, types of values.
import { InvalidArgumentError, Option } from 'commander'
import { parseDuration } from './durations.ts'
import { argumentTypes, numberFrom, TextError } from './values.ts'

/** A whole number that is not negative, from an option. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(Number(text)))
    throw new InvalidArgumentError('A whole number is needed.')
  return Number(text)
}

/** A whole number above 0, from an option. */
export function positiveNumber(text: string): number {
  if (wholeNumber(text) === 0) throw new InvalidArgumentError('A number above 0 is needed.')
  return Number(text)
}

export function typeOption(): Option {
  return new Option('--type <type>', 'type of the value; auto: what a JSON text says, and a string otherwise')
    .choices(argumentTypes)
    .default('auto')
}

export function ttlOption(): Option {
  return new Option('--ttl <duration>', 'the entry goes after so long: 500ms, 30s, 5m, 2h, 7d').argParser(
    argument(parseDuration),
  )
}

/** A number to add, as an argument. */
export const addend = argument(numberFrom)

/** What parses a text, as commander wants it: an error is the user's, and a sentence. */
export function argument<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text)
    } catch (error) {
      if (!(error instanceof TextError)) throw error
      throw new InvalidArgumentError(`${error.message[0]!.toUpperCase()}${error.message.slice(1)}.`)
    }
  }
}

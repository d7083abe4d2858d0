// A gateway in a child process that is killed and started again on the same data, and connections to the current one.
import { type SpawnedGateway, spawnGateway } from './gateway.ts'
import { Line } from './line.ts'
import { temporaryFolder } from './temporary.ts'

export class Host {
  readonly #args: string[]
  readonly #data = temporaryFolder()
  #current: Promise<SpawnedGateway>

  constructor(args: string[]) {
    this.#args = args
    this.#current = spawnGateway(args, this.#data)
  }

  /** Opens a connection as soon as the gateway is up. */
  async connect(): Promise<Line> {
    for (;;) {
      try {
        return await Line.open((await this.#current).tcp)
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
  }

  /** Where its TCP port is, once it is up. */
  async address(): Promise<SpawnedGateway['tcp']> {
    return (await this.#current).tcp
  }

  async kill(): Promise<void> {
    const victim = await this.#current
    let open: (gateway: Promise<SpawnedGateway>) => void = () => {}
    this.#current = new Promise((resolve) => (open = resolve))
    victim.process.kill('SIGKILL')
    await victim.exit
    open(spawnGateway(this.#args, this.#data))
  }

  async stop(): Promise<void> {
    const { process, exit } = await this.#current
    process.kill('SIGTERM')
    await exit
  }
}

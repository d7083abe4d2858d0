// Which web pages may connect, and which host names are the gateway's: exact comparisons of what browsers send. It only
// compares headers; the caller refuses.
import { isIP } from 'node:net'

/** The host of a Host header, without its port and a name's trailing dot, in lower case; '' where it is malformed. */
function hostOf(header: string | undefined): string {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/.exec((header ?? '').toLowerCase())
  return match?.[1]?.replace(/^\[|\]$/g, '').replace(/\.$/, '') ?? ''
}

export class OriginPolicy {
  readonly #allowed: ReadonlySet<string>
  readonly #allowedHosts: ReadonlySet<string>
  readonly #ownHost: string

  /** `ownHost` is the address that the gateway listens on; `allowed` are serialized origins. */
  constructor(ownHost: string, allowed: readonly string[]) {
    this.#ownHost = ownHost.toLowerCase()
    this.#allowed = new Set(allowed)
    this.#allowedHosts = new Set(allowed.map((origin) => hostOf(origin.replace(/^.*:\/\//, ''))))
  }

  /**
   * Whether a request's Host names this gateway itself: an IP address, localhost, or the name it listens on. Any
   * other name could be an attacker's, pointed at our address to make a page look like ours (DNS rebinding).
   */
  isOwnHost(header: string | undefined): boolean {
    const host = hostOf(header)
    return host !== '' && (isIP(host) !== 0 || host === 'localhost' || host === this.#ownHost)
  }

  /**
   * Whether a request's Host is ours, or that of an allowed origin: a proxy in front may pass it on. A request without
   * one, which HTTP/1.0 allows, is a health checker's: no browser sends it.
   */
  isKnownHost(header: string | undefined): boolean {
    return header === undefined || this.isOwnHost(header) || this.#allowedHosts.has(hostOf(header))
  }

  /**
   * Whether a page of that origin may connect. A request without an origin is not a browser's, and allowed. The gateway's
   * own origin is what stands in the browser's address bar: our scheme, and the Host that it sent.
   */
  isAllowed(origin: string | undefined, host: string | undefined, encrypted: boolean): boolean {
    if (origin === undefined || this.#allowed.has(origin)) return true
    return this.isOwnHost(host) && origin === `${encrypted ? 'https' : 'http'}://${host!.toLowerCase()}`
  }
}

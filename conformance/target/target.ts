import type { Fixture, NamedMember } from '../call/fixture.ts';
import type { ClientCredentials } from './token-endpoint.ts';
import type { TransportSettings } from './transport-settings.ts';

/** The server under test and how to reach it. Serialisable, since test workers receive it. */
export interface Target {
  /** The URL that `/uapi/phoneCalls/…` is appended to: scheme, host, port and path, without a slash at the end. */
  readonly baseUrl: string;
  readonly loopback: boolean;
  readonly token: string;
  /** A valid token of another User. */
  readonly otherToken?: string;
  /** True if the user named the token. If not, the target may take any. */
  readonly tokenNamed: boolean;
  /** The endpoint of new tokens, and the application that asks for them, if the token was fetched too. */
  readonly credentials?: ClientCredentials;
  /** When the token expires, in milliseconds since the epoch, if that is known. */
  readonly expiresAt?: number;
  readonly fixture: Partial<Fixture>;
  /** The members of the fixture that are examples of the contract, because the user named none. */
  readonly presumed?: readonly NamedMember[];
  /** The profiles that may be exercised. */
  readonly profiles: readonly string[];
  /** The number of requests that are under way at once, apart from those that must be. */
  readonly concurrency: number;
  /** The time limit of one request, in milliseconds. */
  readonly timeout: number;
  /** The time within which a transfer shows when the call is read back, in milliseconds. */
  readonly effectTimeout: number;
  /** The number of requests that may begin in a second. Unlimited if left out. */
  readonly rate?: number;
  /** True if nothing is sent that moves a call if the contract is kept. */
  readonly readOnly?: boolean;
  /** The number of requests in a row that may run into a time limit before the target counts as unresponsive. */
  readonly maxTimeouts?: number;
  /** The time limit of the whole run, in milliseconds. */
  readonly maxDuration?: number;
  /** The settings of connections to it, where they are not as usual. */
  readonly transport?: TransportSettings;
}

/**
 * Returns the base URL of a target, from what the user typed. A host with a port is read as an http URL.
 *
 * @throws Error with one line, if it is not an absolute http or https URL, or has a query, a fragment or credentials.
 */
export function baseUrlOf(text: string): string {
  const url = URL.parse(/^(?:[\w.-]+|\[[\da-f:]+\]):\d+(?:$|[/?#])/i.test(text) ? `http://${text}` : text);
  // Before anything else, so that no message repeats them.
  if (url !== null && `${url.username}${url.password}` !== '') {
    throw new Error(`The target has credentials in its URL: leave them out, and give the token in CONFORMANCE_TOKEN.`);
  }
  // An unset variable leaves http:///path, which a URL parser reads as the host path, or http://host:.
  const isCut = /^\s*(?:\w+:)?[/\\]{3}|^\s*(?:\w+:\/\/)?[^/?#]*:(?:$|[/?#](?!\/))/.test(text);
  if (url === null || !/^https?:$/.test(url.protocol) || isCut) {
    throw new Error(`The target ${text} is no URL: expected one like http://127.0.0.1:4010 or https://host/path.`);
  }
  const surplus = url.search !== '' ? 'a query' : url.hash !== '' ? 'a fragment' : undefined;
  if (surplus !== undefined) throw new Error(`The target ${text} has ${surplus}: leave it out.`);
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

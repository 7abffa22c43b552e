import type { Fixture, NamedMember } from '../call/fixture.ts';
import type { TargetOptions } from '../cli/options.ts';
import type { ClientCredentials } from '../target/authorization.ts';
import type { TransportSettings } from '../target/transport-settings.ts';

/** The server under test, how to reach it, and the limits of a run. Serialisable, since the suite's thread receives it. */
export interface Target extends TargetOptions {
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
  /** The settings of connections to it, where they are not as usual. */
  readonly transport?: TransportSettings;
}

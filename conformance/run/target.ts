import type { Fixture, NamedMember } from '../call/fixture.ts';
import type { TargetOptions } from '../cli/options.ts';
import type { Authorization } from '../target/authorization.ts';

/** The server under test, how to reach it, and the limits of a run. Serialisable, since the suite's thread receives it. */
export interface Target extends TargetOptions, Authorization {
  /** The URL that `/uapi/phoneCalls/…` is appended to: scheme, host, port and path, without a slash at the end. */
  readonly baseUrl: string;
  readonly loopback: boolean;
  /** True if the user named the token. If not, the target may take any. */
  readonly tokenNamed: boolean;
  readonly fixture: Partial<Fixture>;
  /** The members of the fixture that are examples of the contract, because the user named none. */
  readonly presumed?: readonly NamedMember[];
  /** The profiles that may be exercised. */
  readonly profiles: readonly string[];
}

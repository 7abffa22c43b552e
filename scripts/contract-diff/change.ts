import { inc, major } from 'semver';

/** Whose side a schema is on: what clients send, or what servers answer. */
export type Side = 'request' | 'answer';

/** What a change does to the set of values, or of exchanges, that a place allows. */
export type Effect = 'narrowed' | 'widened' | 'replaced' | 'added' | 'described';

/** Whom a change breaks. */
export type Verdict =
  'breaks clients and servers' | 'breaks clients' | 'breaks servers' | 'compatible' | 'description' | 'unknown';

/** One difference between two contracts. */
export interface Change {
  /** The operation and the place in it: `transferPhoneCall request body /sendCallTo`. */
  readonly at: string;
  /** The name that people know the place by: a property, a parameter, a status, an operation. */
  readonly subject: string;
  readonly says: string;
  readonly verdict: Verdict;
}

/**
 * A client breaks where what it sends is no longer allowed, or where it is answered with something new. A server
 * breaks where it must answer something new or has to tell good requests from bad ones by another rule, since it has
 * to refuse what the contract does not allow.
 */
const verdicts: Readonly<Record<Side, Readonly<Record<Effect, Verdict>>>> = {
  request: {
    narrowed: 'breaks clients and servers',
    widened: 'breaks servers',
    replaced: 'breaks clients and servers',
    added: 'breaks servers',
    described: 'description',
  },
  answer: {
    narrowed: 'breaks servers',
    widened: 'breaks clients',
    replaced: 'breaks clients and servers',
    added: 'compatible',
    described: 'description',
  },
};

export function verdictOf(side: Side, effect: Effect): Verdict {
  return verdicts[side][effect];
}

/** The version that follows another one after some changes, by the rules of semantic versioning. */
export function nextVersion(version: string, changes: readonly Change[]): string {
  const verdictsOfChanges = new Set(changes.map(({ verdict }) => verdict));
  if (verdictsOfChanges.size === 0) return version;
  const breaks = [...verdictsOfChanges].some((verdict) => verdict.startsWith('breaks') || verdict === 'unknown');
  // Before 1.0.0 a new minor version may break everything, and nothing else may.
  const early = major(version) === 0;
  const compatible = verdictsOfChanges.has('compatible') && !early ? 'minor' : 'patch';
  return inc(version, breaks ? (early ? 'minor' : 'major') : compatible) ?? version;
}

import type { CaseResult, CaseViolation } from '../run/result.ts';
import type { Exchange } from '../target/exchange.ts';

/** The catalogue that fault codes are of. Its codes were numbered anew before this version. */
export const faultCatalogue = { name: 'Web Fuzzing Commons, fault categories', version: '0.9.0' } as const;

/** What a violation shows, as far as the catalogue asks. */
interface Evidence {
  readonly requirement: string;
  readonly at: string;
  readonly expectsSuccess: boolean;
  readonly status: number | undefined;
  readonly failure: NonNullable<Exchange['failure']>['kind'] | undefined;
}

interface FaultCategory {
  readonly code: number;
  readonly applies: (evidence: Evidence) => boolean;
}

/** The requirements whose breaking is an answer that its schema does not describe. */
export const aboutSchemas: readonly string[] = [
  'success/phone-call',
  'success/no-null-members',
  'success/media-type',
  'read-back/phone-call',
  'read-back/no-null-members',
  'read-back/media-type',
  'errors/body',
  'errors/media-type',
  'http/json',
];

/** The categories of the catalogue that an operation as this one can show, by what shows them. */
const categories: readonly FaultCategory[] = [
  // A server that fails.
  { code: 100, applies: ({ status }) => status === 500 },
  { code: 121, applies: ({ status = 0 }) => status > 501 && status < 600 },
  { code: 205, applies: ({ status, at }) => status === 501 && at === 'status' },
  { code: 312, applies: ({ failure }) => failure === 'time-out' },
  // A 204 with content.
  { code: 105, applies: ({ requirement }) => requirement === 'success/no-content' },
  // A refusal that has an effect.
  { code: 114, applies: ({ requirement }) => requirement === 'effects/refusal-moves-nothing' },
  // An answer that its schema does not describe, or whose status the contract does not have.
  { code: 200, applies: ({ requirement }) => aboutSchemas.includes(requirement) },
  { code: 200, applies: (evidence) => evidence.at === 'status' && evidence.expectsSuccess && hasSucceeded(evidence) },
  // Invalid input that is accepted, and valid input that is refused.
  { code: 206, applies: (evidence) => isWronglyAccepted(evidence) && !isAboutTokens(evidence) },
  {
    code: 207,
    applies: ({ at, expectsSuccess, status = 0 }) => at === 'status' && expectsSuccess && isRefusal(status),
  },
  // A transfer without a token, and with one that is none.
  {
    code: 308,
    applies: (evidence) => isWronglyAccepted(evidence) && evidence.requirement === 'authorization/token-missing',
  },
  { code: 311, applies: (evidence) => isWronglyAccepted(evidence) && isAboutTokens(evidence) },
];

/** The codes of the catalogue that violations of a requirement have, in ascending order. */
export function faultCodesOf(
  requirement: string,
  violations: readonly CaseViolation[],
  { exchanges }: Pick<CaseResult, 'exchanges'>,
): number[] {
  const codes = violations.flatMap((violation) => {
    const evidence = evidenceOf(requirement, violation, exchanges[violation.exchange ?? 0]);
    return categories.filter(({ applies }) => applies(evidence)).map(({ code }) => code);
  });
  return [...new Set(codes)].toSorted((one, other) => one - other);
}

function evidenceOf(requirement: string, { at, expected }: CaseViolation, exchange: Exchange | undefined): Evidence {
  const { response, failure } = exchange ?? {};
  // What is expected of a status begins with the first that is right.
  return {
    requirement,
    at,
    expectsSuccess: /^2\d\d\b/.test(expected),
    status: response?.status,
    failure: failure?.kind,
  };
}

function isWronglyAccepted(evidence: Evidence): boolean {
  return evidence.at === 'status' && !evidence.expectsSuccess && hasSucceeded(evidence);
}

function isAboutTokens({ requirement }: Evidence): boolean {
  return requirement.startsWith('authorization/');
}

function hasSucceeded({ status = 0 }: Evidence): boolean {
  return status >= 200 && status < 300;
}

function isRefusal(status: number): boolean {
  return status >= 400 && status < 500;
}

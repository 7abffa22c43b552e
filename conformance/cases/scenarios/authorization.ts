import { isUnsupported } from '../../call/readings.ts';
import { isRefusedWith } from '../../checks/refusal.ts';
import { findRefusal, type Refusal } from '../../contract/refusal.ts';
import type { Exchange } from '../../target/exchange.ts';
import { firstHalf } from '../../target/redaction.ts';
import type { Case, Feature } from '../case.ts';
import { bearer, planReading } from '../plan.ts';
import { answerChecks, refusedCase, type Suite } from '../suite.ts';

interface Credentials {
  readonly requirement: string;
  readonly needs?: readonly Feature[];
  readonly header: (token: string) => string | undefined;
}

const missing = 'authorization/token-missing';
const malformed = 'authorization/token-malformed';
const invalid = 'authorization/token-invalid';

/** Headers that do not authorize a transfer. */
const credentials: Readonly<Record<string, Credentials>> = {
  none: { requirement: missing, header: () => undefined },
  empty: { requirement: missing, header: () => '' },
  'scheme-only': { requirement: malformed, header: () => 'Bearer' },
  'blank-token': { requirement: malformed, header: () => 'Bearer  ' },
  'basic-scheme': {
    requirement: malformed,
    header: () => `Basic ${Buffer.from('user:password').toString('base64')}`,
  },
  'digest-scheme': { requirement: malformed, header: () => 'Digest username="user", response="0"' },
  'token-under-basic-scheme': { requirement: malformed, header: (token) => `Basic ${token}` },
  'token-under-unknown-scheme': { requirement: malformed, header: (token) => `Token ${token}` },
  'token-without-scheme': { requirement: malformed, header: (token) => token },
  'scheme-joined-to-token': { requirement: malformed, header: (token) => `Bearer${token}` },
  'token-cut-short': {
    requirement: invalid,
    needs: ['named token'],
    header: (token) => bearer(cutShort(token)),
  },
  'token-with-something-after-it': {
    requirement: invalid,
    needs: ['named token'],
    header: (token) => bearer(`${token}x0`),
  },
};

/** Returns the first half of a token, or an empty text for a single character: no server issues such a token. */
function cutShort(token: string): string {
  return firstHalf(token).slice(0, token.length - 1);
}

/** Creates cases without a valid token: each is refused and moves nothing. */
export function authorizationCases(suite: Suite): Case[] {
  const scheme = suite.transfer.security[0];
  const refusal = scheme && findRefusal(suite.transfer, scheme);
  if (scheme === undefined || refusal === undefined) throw new Error('The contract binds no refusal to its security.');
  const refusedExamples = scheme.refusedExamples.map((token): [string, Credentials] => {
    return [token, { requirement: invalid, needs: ['named token'], header: () => bearer(token) }];
  });
  return [
    readingWithoutToken(suite, refusal),
    ...[...Object.entries(credentials), ...refusedExamples].map(([name, entry]) =>
      authorizationCase(suite, refusal, name, entry),
    ),
  ];
}

/** Creates the case of a reading without a token, which is refused if calls can be read at all. */
function readingWithoutToken(suite: Suite, refusal: Refusal): Case {
  const isRefused = isRefusedWith(missing, [refusal]);
  const isSupported = (exchange: Exchange) => isRefused.run(exchange).length === 0 || !isUnsupported(exchange);
  return {
    id: 'authorization/reading-without-token',
    requirement: missing,
    title: 'refuses to show a call to a request without a token',
    needs: ['fixture'],
    effect: 'reads',
    breaks: ['authorization'],
    send: (control) => [{ ...planReading(control), authorization: () => undefined }],
    checks: [
      { ...isRefused, applies: (exchange) => exchange.response !== undefined && isSupported(exchange) },
      ...answerChecks(suite, suite.reading),
    ],
  };
}

function authorizationCase(suite: Suite, refusal: Refusal, name: string, { header, ...entry }: Credentials): Case {
  return refusedCase(suite, {
    ...entry,
    id: `authorization/${name}`,
    title: `refuses a request that is not authorized: ${name.replaceAll('-', ' ')}`,
    breaks: ['authorization'],
    refusals: [refusal],
    change: (control) => ({ ...control, authorization: header }),
  });
}

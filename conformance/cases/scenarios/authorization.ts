import { refusalOf, type Refusal } from '../../contract/refusal.ts';
import { controlCase, type Case, type Feature } from '../case.ts';
import { refusalChecks, type Suite } from '../suite.ts';

interface Credentials {
  readonly requirement: string;
  readonly needs?: readonly Feature[];
  readonly value: string | undefined;
}

const basic = `Basic ${Buffer.from('user:password').toString('base64')}`;

/** Requests that nobody may make. None carries the run's own token, so that a lenient server cannot find it. */
function credentials(refusedTokens: readonly string[]): Readonly<Record<string, Credentials>> {
  const malformed = 'authorization/token-malformed';
  return {
    none: { requirement: 'authorization/token-missing', value: undefined },
    empty: { requirement: 'authorization/token-missing', value: '' },
    'scheme-only': { requirement: malformed, value: 'Bearer' },
    'blank-token': { requirement: malformed, value: 'Bearer  ' },
    'basic-scheme': { requirement: malformed, value: basic },
    'digest-scheme': { requirement: malformed, value: 'Digest username="user", response="0"' },
    'unknown-scheme': { requirement: malformed, value: 'Token 0123456789abcdef' },
    'no-scheme': { requirement: malformed, value: '0123456789abcdef' },
    ...Object.fromEntries(
      refusedTokens.map((token) => [
        token,
        { requirement: 'authorization/token-invalid', needs: ['named token'], value: `Bearer ${token}` },
      ]),
    ),
  };
}

/** Requests without a valid token, each refused, with nothing moved. */
export function authorizationCases(suite: Suite): Case[] {
  const scheme = suite.transfer.security[0];
  const refusal = scheme && refusalOf(suite.transfer, scheme);
  if (scheme === undefined || refusal === undefined) throw new Error('The contract binds no refusal to its security.');
  return Object.entries(credentials(scheme.refusedExamples)).map(([name, entry]) =>
    authorizationCase(suite, refusal, name, entry),
  );
}

function authorizationCase(suite: Suite, refusal: Refusal, name: string, entry: Credentials): Case {
  const { requirement, needs = [], value } = entry;
  return {
    id: `authorization/${name}`,
    requirement,
    title: `refuses a request that is not authorized: ${name.replaceAll('-', ' ')}`,
    needs: ['fixture', ...needs],
    effect: 'keeps',
    breaks: ['authorization'],
    control: controlCase,
    send: (control) => [{ ...control, authorization: { value } }],
    checks: refusalChecks(suite, requirement, [refusal]),
  };
}

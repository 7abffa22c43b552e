import { numberFeatures, type Case, type Feature } from '../cases/case.ts';
import { findOtherExtension } from '../cases/scenarios/identity.ts';
import type { Suite } from '../cases/suite.ts';
import type { Constraint } from '../contract/constraints.ts';
import { readErrorCode } from '../contract/refusal.ts';
import { readBody, summarizeAnswer } from '../call/readings.ts';
import { addressOf } from '../target/address.ts';
import { succeeded, type Exchange, type SentRequest } from '../target/exchange.ts';
import { fixtureFlags, fixtureMembers, type Fixture, type NamedMember } from '../call/fixture.ts';
import type { Target } from './target.ts';

/** The members of a fixture that a source of calls supplies. */
const suppliedBySource: readonly NamedMember[] = ['user', 'extension', 'call', 'from', 'number'];

/** The members that a fixture can do without. */
const optional: readonly NamedMember[] = ['otherCalls', 'idleExtension', 'foreignCall'];

/** Returns the features that a target and its fixture lack, each with a way to supply it. */
export function missingOf(target: Target, placesCalls: boolean): Map<Feature, string> {
  const { fixture, loopback, tokenNamed } = target;
  const has = new Set(numberFeatures(fixture.sendTo ?? []));
  const lacks = lackingMembers(fixture, placesCalls);
  const severalCalls = placesCalls || (fixture.spareCalls?.length ?? 0) > 0;
  const problems: Record<Feature, string | false> = {
    fixture: lacks.length > 0 && `the fixture lacks ${lacks.join(', ')}: name a live call and where it may go`,
    'public number': !has.has('public number') && `no ${fixtureFlags.sendTo} is a public number`,
    'extension number': !has.has('extension number') && `no ${fixtureFlags.sendTo} is an extension, like 0003*100`,
    'international number': !has.has('international number') && `no ${fixtureFlags.sendTo} begins with a plus sign`,
    'JSON number':
      !has.has('JSON number') && `no ${fixtureFlags.sendTo} has the digits of a JSON number, like 3235742879`,
    'named token': !tokenNamed && 'the target may take any token: name the right one in CONFORMANCE_TOKEN or --token',
    'loopback target': !loopback && 'it is not sent to a live telephone system',
    'other contract': 'it is made for other patterns than those of the contract',
    'several calls': !severalCalls && 'it needs several calls that may be transferred: give a source of calls, --calls',
    'other extension':
      findOtherExtension(fixture) === undefined &&
      `it needs another extension of the User: ${fixtureFlags.otherCalls} EXTENSION/ID, or ${fixtureFlags.idleExtension}`,
    'foreign call': fixture.foreignCall === undefined && `it needs a call of another User: ${fixtureFlags.foreignCall}`,
    'other token': target.otherToken === undefined && 'it needs a token of another User: --other-token',
    'idle extension':
      fixture.idleExtension === undefined && `it needs an extension without calls: ${fixtureFlags.idleExtension}`,
  };
  return new Map(Object.entries(problems).filter((entry): entry is [Feature, string] => entry[1] !== false));
}

function lackingMembers(fixture: Partial<Fixture>, placesCalls: boolean): string[] {
  return fixtureMembers
    .filter((name) => !optional.includes(name) && !(placesCalls && suppliedBySource.includes(name)))
    .filter((name) => [fixture[name]].flat()[0] === undefined)
    .map((name) => fixtureFlags[name]);
}

/** The member of a fixture that each part of a transfer comes from. */
export const membersByPart: Readonly<Record<string, NamedMember>> = {
  userId: 'user',
  extension: 'extension',
  phoneCallId: 'call',
  sendCallTo: 'sendTo',
  transferFromNumber: 'from',
  transferNumber: 'number',
};

/**
 * Explains the refusal of a valid request by an example of the contract that the user did not name, and that the target
 * need not know. Returns undefined if that does not explain it.
 *
 * @param wasCallShown - True if the target showed the call by its path, so that it knows all parts of it.
 */
export function explainPresumed(
  { constraints }: Suite,
  { fixture, presumed = [] }: Target,
  { effect, breaks }: Case,
  exchanges: readonly Exchange[],
  wasCallShown: boolean,
): string | undefined {
  if (presumed.length === 0 || breaks.length > 0 || effect === 'keeps') return undefined;
  for (const exchange of exchanges.filter((each) => !succeeded(each))) {
    const code = readErrorCode(exchange.response?.body.json?.value);
    const constraint = constraints.find(({ errorCode }) => errorCode !== undefined && errorCode === code);
    const member = constraint && membersByPart[constraint.name];
    if (constraint === undefined || member === undefined || !presumed.includes(member)) continue;
    if (wasCallShown && constraint.place === 'path') continue;
    const value = readPart(exchange.request, constraint);
    if (value === undefined || ![fixture[member]].flat().includes(value)) continue;
    return `${value} is an example of the contract, which the target does not take (${summarizeAnswer(exchange)}): name one with ${fixtureFlags[member]}`;
  }
  return undefined;
}

function readPart(request: SentRequest, { place, name }: Constraint): string | undefined {
  if (place === 'body') return readBody(request)?.[name]?.toString();
  const { user, extension, call } = addressOf(request);
  return ({ userId: user, extension, phoneCallId: call } as Record<string, string | undefined>)[name];
}

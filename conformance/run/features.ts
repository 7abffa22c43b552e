import { numberFeatures, type Feature } from '../cases/case.ts';
import { fixtureFlags, type Fixture, type NamedMember } from '../call/fixture.ts';
import type { Target } from '../target/target.ts';

/** What of a fixture a source of calls supplies. */
const suppliedBySource: readonly NamedMember[] = ['user', 'extension', 'call', 'from', 'number'];

/** What a fixture can do without. */
const optional: readonly NamedMember[] = ['otherCalls', 'idleExtension'];

/** The features that a target and its fixture lack, each with what would supply it. */
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
    'several calls': !severalCalls && 'it needs several calls that may be transferred: give a source of calls, --calls',
    'idle extension':
      fixture.idleExtension === undefined && `it needs an extension without calls: ${fixtureFlags.idleExtension}`,
  };
  return new Map(Object.entries(problems).filter((entry): entry is [Feature, string] => entry[1] !== false));
}

function lackingMembers(fixture: Partial<Fixture>, placesCalls: boolean): string[] {
  return (Object.keys(fixtureFlags) as NamedMember[])
    .filter((name) => !optional.includes(name) && !(placesCalls && suppliedBySource.includes(name)))
    .filter((name) => fixture[name] === undefined || fixture[name].length === 0)
    .map((name) => fixtureFlags[name]);
}

import type { Suite } from '../cases/suite.ts';
import { fixtureFlags, type Fixture } from '../call/fixture.ts';
import { InputError } from '../contract/input-error.ts';

/** A value of the fixture, its option, and the part of a transfer that it becomes. */
type Part = readonly [flag: string, value: string | undefined, name: string];

/**
 * Holds a fixture against the contract: a transfer of a call that breaks it could only be refused, again and again.
 *
 * @throws InputError that names the first option whose value is none, and what the contract expects.
 */
export function assertFixtureFits({ constraints, validate }: Suite, fixture: Partial<Fixture>): void {
  for (const [flag, value, name] of partsOf(fixture)) {
    const constraint = constraints.find((candidate) => candidate.name === name);
    if (value === undefined || constraint === undefined) continue;
    const pointer = constraint.place === 'path' ? `${constraint.pointer}/schema` : constraint.pointer;
    const [violation] = validate(pointer, value);
    if (violation !== undefined) {
      throw new InputError(`${flag} ${JSON.stringify(value)} is no ${name}: expected ${violation.expected}.`);
    }
  }
}

function partsOf({ user, extension, call, sendTo, from, number, otherCalls, idleExtension }: Partial<Fixture>): Part[] {
  return [
    [fixtureFlags.user, user, 'userId'],
    [fixtureFlags.extension, extension, 'extension'],
    [fixtureFlags.call, call, 'phoneCallId'],
    ...(sendTo ?? []).map((value): Part => [fixtureFlags.sendTo, value, 'sendCallTo']),
    [fixtureFlags.from, from, 'transferFromNumber'],
    [fixtureFlags.number, number, 'transferNumber'],
    ...(otherCalls ?? []).flatMap((other): Part[] => [
      [fixtureFlags.otherCalls, other.extension, 'extension'],
      [fixtureFlags.otherCalls, other.call, 'phoneCallId'],
    ]),
    [fixtureFlags.idleExtension, idleExtension, 'extension'],
  ];
}

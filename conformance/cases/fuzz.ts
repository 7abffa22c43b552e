import fc, { type Arbitrary } from 'fast-check';
import type { Constraint } from '../contract/constraints.ts';
import type { JsonValue } from '../contract/json.ts';
import { findRefusal } from '../contract/refusal.ts';
import { requirementFor } from '../contract/requirements.ts';
import { exampleFixture, type Fixture } from '../call/fixture.ts';
import { controlCase, type Case, type Recipe } from './case.ts';
import { textOf } from './fuzz-characters.ts';
import { isHarmless } from './fuzz-harmless.ts';
import { memberVariations, textVariations, type Variation } from './fuzz-variations.ts';
import { bodyObject, controlTransfer, withBody, withPath, type RequestPlan } from './plan.ts';
import { refusalChecks, refusalFor, type Suite } from './suite.ts';

/** How much is generated, and from what. */
export interface Fuzz {
  /** How many values each constraint is tried with. */
  readonly values: number;
  readonly seed: number;
}

/** A case that sends many requests one after the other, and is only about the smallest of those that fail. */
export interface FuzzCase extends Omit<Case, 'send'> {
  /** The seed of the run. */
  readonly seed: number;
  /** How many values come from which seeds, which follow from that of the run. */
  readonly batches: readonly { readonly seed: number; readonly count: number }[];
  /** What is sent; undefined where a generated value cannot be used. */
  readonly recipes: Arbitrary<Recipe | undefined>;
}

/** What the values of one constraint are generated for. */
interface Subject {
  readonly id: string;
  readonly requirement: string;
  readonly title: string;
  readonly breaks: readonly string[];
  readonly checks: Case['checks'];
  readonly recipes: FuzzCase['recipes'];
}

/** How many values come from one seed: so few that cases of one batch can be run side by side. */
const valuesInBatch = 50;

/** How many cases there are of one constraint at most: each is told for itself, and kept in mind. */
const mostCases = 100;

/** The keywords that generated values break, the most telling first; whether a member is there needs no generation. */
const keywords = ['pattern', 'const', 'enum', 'format', 'minLength', 'maxLength', 'minimum', 'maximum', 'type'];

/**
 * Cases of generated values for each constraint that has a refusal, and for ids of calls that do not exist. The same
 * seed makes the same values, in the same order, however many there are.
 */
export function fuzzCases(suite: Suite, fixture: Partial<Fixture>, fuzz: Fuzz): FuzzCase[] {
  const complete = { ...exampleFixture(suite.contract), ...fixture };
  const subjects = [
    ...suite.constraints.flatMap((constraint) => brokenSubject(suite, constraint, complete)),
    unknownCallSubject(suite, complete),
  ];
  return subjects.flatMap((subject) => casesOf(subject, fuzz));
}

function casesOf(subject: Subject, { values, seed }: Fuzz): FuzzCase[] {
  const batchesInCase = Math.ceil(values / valuesInBatch / mostCases);
  const valuesInCase = batchesInCase * valuesInBatch;
  return Array.from({ length: Math.ceil(values / valuesInCase) }, (_, index) => {
    const first = index * valuesInCase + 1;
    const last = Math.min(values, first + valuesInCase - 1);
    const starts = Array.from({ length: batchesInCase }, (__, batch) => first + batch * valuesInBatch);
    return {
      ...subject,
      id: `${subject.id}/${first}-${last}`,
      title: `${subject.title}, values ${first} to ${last}`,
      needs: ['fixture'],
      effect: 'keeps',
      control: controlCase,
      seed,
      batches: starts
        .filter((start) => start <= last)
        .map((start) => ({
          seed: hashOf(`${seed} ${subject.id} ${start}`),
          count: Math.min(valuesInBatch, last - start + 1),
        })),
    };
  });
}

function brokenSubject(suite: Suite, constraint: Constraint, fixture: Fixture): Subject[] {
  const { place, name, schema, pointer } = constraint;
  const refusal = findRefusal(suite.transfer, constraint);
  const broken = keywords.filter(
    (keyword) => schema[keyword] !== undefined && !(place === 'path' && keyword === 'type'),
  );
  if (refusal === undefined || broken[0] === undefined) return [];
  const requirement = requirementFor(suite.requirements, pointer, broken[0]).id;
  return [
    {
      id: `fuzz/${place}/${name}`,
      requirement,
      title: `refuses generated values of ${name} that are not as they must be`,
      breaks: [`${place}/${name}`],
      checks: refusalChecks(suite, requirement, [refusal]),
      recipes: brokenRecipes(suite, constraint, broken, fixture),
    },
  ];
}

function brokenRecipes(suite: Suite, constraint: Constraint, broken: readonly string[], fixture: Fixture) {
  const { place, name, pointer } = constraint;
  const schema = place === 'path' ? `${pointer}/schema` : pointer;
  const valid = validValues(constraint, controlTransfer(suite.constraints, suite.mediaType, fixture, ''), fixture);
  const isUsable = (value: JsonValue, own: readonly string[]) =>
    suite.validate(schema, value).some(({ keyword }) => broken.includes(keyword)) && isHarmless(constraint, value, own);
  const variations: Arbitrary<Variation> = place === 'path' ? textVariations : memberVariations;

  return variations.map((variation): Recipe | undefined => {
    const value = variation(valid);
    if (!isUsable(value, valid)) return undefined;
    const valueFor = (own: readonly string[]) => {
      if (own.every((text, index) => text === valid[index])) return value;
      const varied = variation(own);
      return isUsable(varied, own) ? varied : value;
    };
    return (control, live) => {
      const own = validValues(constraint, control, live);
      const sent = valueFor(own);
      return [place === 'path' ? withPath(control, { [name]: String(sent) }) : withBody(control, { [name]: sent })];
    };
  });
}

/** The valid values that others are made from, in an order that does not change while a call moves. */
function validValues({ place, name }: Constraint, control: RequestPlan, { sendTo }: Fixture): string[] {
  if (name === 'sendCallTo') return sendTo.toSorted();
  return [String((place === 'path' ? control.path[name] : bodyObject(control)[name]) ?? '')];
}

/** Ids that begin with a letter and are long, so that none is another call's, not even read as a number. */
function unknownCallSubject(suite: Suite, { call, otherCalls }: Fixture): Subject {
  const requirement = 'path/phone-call-unknown';
  const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const known = [call, ...otherCalls.map((other) => other.call)].map((id) => id.toLowerCase());
  const schema = `${suite.constraints.find(({ name }) => name === 'phoneCallId')?.pointer ?? ''}/schema`;
  const ids = fc
    .tuple(fc.constantFrom(...letters), textOf(fc.constantFrom(...letters, ...'0123456789'), 19, 63))
    .map((parts) => parts.join(''));
  const isUsable = (id: string) => !known.includes(id.toLowerCase()) && suite.validate(schema, id).length === 0;
  return {
    id: 'fuzz/path/phoneCallId/unknown',
    requirement,
    title: 'refuses generated values of phoneCallId that name nothing',
    breaks: [],
    checks: refusalChecks(suite, requirement, [refusalFor(suite, 'phoneCallId')]),
    recipes: ids.map((phoneCallId) =>
      isUsable(phoneCallId) ? (control) => [withPath(control, { phoneCallId })] : undefined,
    ),
  };
}

/** A seed made of a text (FNV-1a), so that cases do not depend on each other. */
function hashOf(text: string): number {
  return [...text].reduce((hash, letter) => Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193), 0x811c9dc5 | 0);
}

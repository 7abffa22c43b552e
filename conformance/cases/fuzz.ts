import fc, { type Arbitrary } from 'fast-check';
import type { Constraint } from '../contract/constraints.ts';
import type { JsonValue } from '../contract/json.ts';
import { findRefusal } from '../contract/refusal.ts';
import { requirementFor } from '../contract/requirements.ts';
import { exampleFixture, type Fixture } from '../call/fixture.ts';
import { percentDecoded } from '../target/lenient-parse.ts';
import { controlCase, type Case, type Recipe } from './case.ts';
import { dialled, memberVariations, textsFrom, textVariations, type Variation } from './fuzz-values.ts';
import { bodyObject, controlTransfer, withBody, withPath, type RequestPlan } from './plan.ts';
import { refusalChecks, refusalFor, type Suite } from './suite.ts';

/** The amount of generated values, and their seed. */
export interface Fuzz {
  /** The number of values for each constraint. */
  readonly values: number;
  readonly seed: number;
}

/** A case that sends many requests one after the other and reports the smallest that fails. */
export interface FuzzCase extends Omit<Case, 'send'> {
  /** The seed of the run. */
  readonly seed: number;
  /** The seeds, which follow from that of the run, and the number of values from each. */
  readonly batches: readonly { readonly seed: number; readonly count: number }[];
  /** The requests; undefined for a generated value that cannot be used. */
  readonly recipes: Arbitrary<Recipe | undefined>;
}

/** The parts that all cases of one constraint share. */
interface Subject {
  readonly id: string;
  readonly requirement: string;
  readonly title: string;
  readonly breaks: readonly string[];
  readonly checks: Case['checks'];
  readonly recipes: FuzzCase['recipes'];
}

/** The number of values from one seed: small, so that cases can run side by side. */
const valuesInBatch = 50;

/** The largest number of cases for one constraint: each is reported and held in memory. */
const mostCases = 100;

/** The keywords that generated values break, the most telling first. A missing member needs no generation. */
const keywords = ['pattern', 'const', 'enum', 'format', 'minLength', 'maxLength', 'minimum', 'maximum', 'type'];

/**
 * Creates cases of generated values for each constraint that has a refusal, and for ids of calls that do not exist. The
 * same seed makes the same values in the same order, however many there are.
 */
export function fuzzCases(suite: Suite, fixture: Partial<Fixture>, fuzz: Fuzz): FuzzCase[] {
  const complete = { ...exampleFixture(suite.contract), ...fixture };
  const subjects = [
    ...suite.constraints.flatMap((constraint) => brokenSubject(suite, constraint, complete)),
    unknownCallSubject(suite, complete),
  ];
  return subjects.flatMap((subject) => divideIntoCases(subject, fuzz));
}

function divideIntoCases(subject: Subject, { values, seed }: Fuzz): FuzzCase[] {
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
          seed: hash(`${seed} ${subject.id} ${start}`),
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
  const valid = validValues(constraint, controlTransfer(suite, fixture, ''), fixture);
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

/** Lists the valid values that others are made from, in an order that does not change while a call moves. */
function validValues({ place, name }: Constraint, control: RequestPlan, { sendTo }: Fixture): string[] {
  if (name === 'sendCallTo') return sendTo.toSorted();
  return [String((place === 'path' ? control.path[name] : bodyObject(control)[name]) ?? '')];
}

/** The members that name a party of the call: they never decide the destination, whatever a server reads there. */
const parties: readonly string[] = ['transferFromNumber', 'transferNumber'];

/** The characters by which a proxy could misread a path. */
const notInPath = /[/\\%#?\0\r\n]/;

/** The longest encoded path segment; beyond it a server may refuse the request target as such (RFC 9110 section 4.1). */
const longestSegment = 400;

/**
 * Tells whether a broken value is safe to send to the most lenient server: it could dial or look up nothing, or one of the
 * fixture's valid values, and the path keeps all its segments.
 */
function isHarmless({ place, name }: Constraint, value: JsonValue, valid: readonly string[]): boolean {
  if (place === 'path' && !isSafeSegment(String(value))) return false;
  const texts = listTexts(value);
  // Decision 7 allows @self in no number, the vendor's grammar does.
  if (place === 'body' && texts.some((text) => text.trim() === '@self')) return false;
  if (parties.includes(name)) return true;
  // A server may join all texts of a value or use one of them, and decode it once more.
  const taken = [texts.join(''), ...texts];
  const decoded = new Set([...taken, ...taken.map(percentDecoded)]);
  const harmless = new Set(['', ...valid.map(dialled)]);
  return [...decoded].every((text) => harmless.has(dialled(text)));
}

/** Tells whether a text stays one path segment, even if a server trims, strips, folds or decodes it again. */
function isSafeSegment(text: string): boolean {
  const isLost = !/[a-z0-9]/i.test(text);
  return !isLost && !notInPath.test(text.normalize('NFKC')) && encodeURIComponent(text).length <= longestSegment;
}

/** Lists all texts, numbers and names in a value. */
function listTexts(value: JsonValue): string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [
    ...(Array.isArray(value) ? [] : [name]),
    ...listTexts(member),
  ]);
}

/** Generates long ids that begin with a letter, so that none is another call's, even if it is read as a number. */
function unknownCallSubject(suite: Suite, { call, otherCalls }: Fixture): Subject {
  const requirement = 'path/phone-call-unknown';
  const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const known = [call, ...otherCalls.map((other) => other.call)].map((id) => id.toLowerCase());
  const schema = `${suite.constraints.find(({ name }) => name === 'phoneCallId')?.pointer ?? ''}/schema`;
  const ids = fc
    .tuple(fc.constantFrom(...letters), textsFrom(fc.constantFrom(...letters, ...'0123456789'), 19, 63))
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

/** Makes a seed from a text (FNV-1a), so that cases do not depend on each other. */
function hash(text: string): number {
  return [...text].reduce((sum, letter) => Math.imul(sum ^ (letter.codePointAt(0) ?? 0), 0x01000193), 0x811c9dc5 | 0);
}

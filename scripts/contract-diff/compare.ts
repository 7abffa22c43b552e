import { isDeepStrictEqual as isSame } from 'node:util';
import { asObject, isObject, type JsonObject, type JsonValue } from '../../conformance/contract/json.ts';
import { formOf } from '../../conformance/contract/parts.ts';
import { annotations, normalise } from './normalise.ts';

/** One difference between two contracts. */
export interface Change {
  /** The operation and the place in it: `transferPhoneCall body /sendCallTo`. */
  readonly at: string;
  /** The name that people know the place by: a property, a parameter, a status, an operation. */
  readonly subject: string;
  readonly says: string;
  readonly verdict: Verdict;
}

type Verdict =
  'breaks clients and servers' | 'breaks clients' | 'breaks servers' | 'compatible' | 'description' | 'unknown';

/** The change of the set of requests, or of answers, that a place allows. */
type Effect = 'narrowed' | 'widened' | 'replaced';
type Place = Pick<Change, 'at' | 'subject'> & { readonly side: 'request' | 'response' };
type Value = JsonValue | undefined;

/** A client breaks by what it may no longer send and by new answers, a server by what it must newly take or refuse. */
const verdicts: Readonly<Record<string, Record<Place['side'], Verdict>>> = {
  narrowed: { request: 'breaks clients and servers', response: 'breaks servers' },
  widened: { request: 'breaks servers', response: 'breaks clients' },
  replaced: { request: 'breaks clients and servers', response: 'breaks clients and servers' },
};

/** The rules for members that hold plain values, by the kind of their owner and their name. */
const rules: readonly (readonly [RegExp, (was: Value, is: Value) => Effect | Verdict])[] = [
  [annotations, () => 'description'],
  [/^operation operationId$/, () => 'breaks clients'],
  [/^document servers$/, (was, is) => (judgeSets(was, is) === 'widened' ? 'compatible' : 'breaks clients')],
  [/^scheme | x-(?:error-code|refused-with)$/, () => 'replaced'],
  [
    /^operation security$|^media shownCodes$|^schema (?:type|enum|anyOf|oneOf|pattern|format|multipleOf|uniqueItems|not)$/,
    judgeSets,
  ],
  [/^schema (?:required|allOf)$/, (was = [], is = []) => judgeSets(is, was)],
  [/^(?:parameter|body) required$/, (was) => (was === true ? 'widened' : 'narrowed')],
  [
    /^schema (?:exclusiveM|m)in[A-Zi]/,
    (was = -Infinity, is = -Infinity) => (Number(is) > Number(was) ? 'narrowed' : 'widened'),
  ],
  [
    /^schema (?:exclusiveM|m)ax[A-Zi]/,
    (was = Infinity, is = Infinity) => (Number(is) < Number(was) ? 'narrowed' : 'widened'),
  ],
];

/** Members whose schema allows everything where it is left out, and more where it allows more itself. */
const growing =
  /^(?:schema|items|additionalProperties|unevaluated\w+|propertyNames|patternProperties|properties|anyOf|allOf)$/;

/** Lists the differences between two contracts; none only if both mean the same. */
export function compareContracts(before: JsonObject, after: JsonObject): Change[] {
  return compare('document', normalise(before), normalise(after), { side: 'request', at: '', subject: '' });
}

function compare(kind: string, before: JsonObject, after: JsonObject, place: Place): Change[] {
  // What allows nothing has no members to compare.
  if (isNever(before) || isNever(after))
    return [conclude(place, isNever(after) ? 'narrowed' : 'widened', kind, before, after)];
  const isClosed = isNever(before.additionalProperties) && isNever(after.additionalProperties);
  return listDifferences(before, after).flatMap(([name, was, is]) => {
    const [form, of = ''] = formOf(kind, name);
    const isEntered = form !== undefined && (of !== 'schema' || growing.test(name));
    if (isEntered && of === 'schema' && Array.isArray(was) && Array.isArray(is)) {
      // Schemas that both have are set aside, and the others paired.
      const [gone, come] = [missing(was, is), missing(is, was)];
      if (gone.length === come.length && gone.length > 0)
        return gone.flatMap((choice, index) => compare(of, asObject(choice), asObject(come[index]), place));
    }
    if (!isEntered || Array.isArray(was ?? is)) {
      const rule = rules.find(([pattern]) => pattern.test(pattern === annotations ? name : `${kind} ${name}`))?.[1];
      return [conclude(place, rule?.(was, is) ?? 'unknown', name, was, is)];
    }
    const things = form === 'one' ? [[name, was, is] as const] : listDifferences(asObject(was), asObject(is));
    const found = things.flatMap(([key, one, other]): Change[] => {
      const inner = enter(of, name, key, other ?? one, place);
      if (isObject(one) && isObject(other)) return compare(of, one, other, inner);
      if (one !== undefined && other !== undefined) return [];
      return [conclude(inner, judgePresence(of, name, one, other, isClosed, inner), key, one, other)];
    });
    // A difference that no rule understands is unknown, never none.
    return found.length > 0 ? found : [conclude(place, 'unknown', name, was, is)];
  });
}

const isNever = (schema: Value): boolean => isSame(schema, { not: {} });

function judgePresence(of: string, name: string, was: Value, is: Value, isClosed: boolean, { side }: Place) {
  if (of === 'schema' && name !== 'properties') return judgeSets(was, is);
  // A new answer, or a new member of what has no others, allows more.
  if (isClosed || of === 'response' || of === 'media') return was === undefined ? 'widened' : 'narrowed';
  if (is === undefined) return 'breaks clients';
  if (asObject(is).required === true) return 'narrowed';
  // A server must tell the values of something new apart only if there is a code to refuse some with.
  const isRefused = side === 'request' && JSON.stringify(is).includes('"x-error-code"');
  return isRefused || of === 'operation' || of === 'path' ? 'breaks servers' : 'compatible';
}

function conclude(place: Place, outcome: Effect | Verdict, name: string, was: Value, is: Value): Change {
  const verdict = verdicts[outcome]?.[place.side] ?? (outcome as Verdict);
  const [before, after] = [was, is].map((value) => JSON.stringify(value)?.replace(/^(.{89}).{2,}$/s, '$1…'));
  const change =
    was === undefined ? `is new: ${after}` : is === undefined ? `is gone: ${before}` : `was ${before} and is ${after}`;
  const says = `${name} ${change}${verdict === 'unknown' ? ': look at it' : ''}`;
  return { at: place.at || name, subject: place.subject || name, says, verdict };
}

function enter(of: string, name: string, key: string, value: Value, { at, subject, side }: Place): Place {
  if (of === 'media' || (of === 'schema' && name !== 'properties')) return { at, subject, side };
  const { name: called, operationId } = asObject(value);
  const own = of === 'body' ? of : String(operationId ?? called ?? key);
  if (of === 'path' || of === 'operation') return { at: own, subject: own, side };
  const step = of === 'schema' ? `/${key}` : of === own ? own : `${of} ${own}`;
  return { at: `${at} ${step}`, subject: own, side: of === 'response' ? of : side };
}

/** Judges what is allowed: fewer members of a list allow less, and no list allows everything. */
function judgeSets(was: Value, is: Value): Effect {
  if (was === undefined) return 'narrowed';
  if (is === undefined) return 'widened';
  if (missing(is, was).length === 0) return 'narrowed';
  return missing(was, is).length === 0 ? 'widened' : 'replaced';
}

function missing(from: JsonValue, other: JsonValue): JsonValue[] {
  return [from].flat().filter((value) => ![other].flat().some((candidate) => isSame(candidate, value)));
}

function listDifferences(before: JsonObject, after: JsonObject): (readonly [name: string, was: Value, is: Value])[] {
  const [was, is] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const all = Object.keys({ ...before, ...after }).map((name) => [name, was.get(name), is.get(name)] as const);
  return all.filter(([, one, other]) => !isSame(one, other));
}

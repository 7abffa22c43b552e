import { isDeepStrictEqual as isSame } from 'node:util';
import { isObject, type JsonObject, type JsonValue } from '../../conformance/contract/json.ts';
import { formOf } from '../../conformance/contract/parts.ts';
import { annotations, asObject, normalise, type Value } from './normalise.ts';

/** One difference between two contracts. */
export interface Change {
  /** The operation and the place in it: `transferPhoneCall request body /sendCallTo`. */
  readonly at: string;
  /** The name that people know the place by: a property, a parameter, a status, an operation. */
  readonly subject: string;
  readonly says: string;
  readonly verdict: Verdict;
}

export type Verdict =
  'breaks clients and servers' | 'breaks clients' | 'breaks servers' | 'compatible' | 'description' | 'unknown';

/** The change of the set of requests, or of answers, that a place allows. */
type Effect = 'narrowed' | 'widened' | 'replaced';
type Place = Pick<Change, 'at' | 'subject'> & { readonly side: 'request' | 'answer' };

/**
 * A client breaks where what it sends is no longer allowed, or where it is answered with something new. A server breaks
 * where it must accept, refuse or answer something new.
 */
const verdicts: Readonly<Record<string, Verdict>> = {
  'request narrowed': 'breaks clients and servers',
  'request widened': 'breaks servers',
  'request replaced': 'breaks clients and servers',
  'answer narrowed': 'breaks servers',
  'answer widened': 'breaks clients',
  'answer replaced': 'breaks clients and servers',
};

/** The verdicts about members that hold plain values, by the kind of their owner and their name. */
const rules: readonly (readonly [RegExp, (was: Value, is: Value) => Effect | Verdict])[] = [
  [new RegExp(` ${annotations.source}`.replace(' ^', ' ')), () => 'description'],
  [/^operation operationId$/, () => 'breaks clients'],
  [/^document servers$/, (was, is) => (judgeSets(was, is) === 'widened' ? 'compatible' : 'breaks clients')],
  [/^(?:operation security|schema (?:type|enum|anyOf|oneOf))$/, judgeSets],
  [/^schema (?:required|allOf)$/, (was, is) => judgeSets(is ?? [], was ?? [])],
  [/^(?:parameter|body) required$/, (was) => (was === true ? 'widened' : 'narrowed')],
  [/^schema (?:pattern|format|multipleOf|uniqueItems|not)$/, (was, is) => judgePresence(was, is) ?? 'replaced'],
  [
    /^schema (?:exclusiveM|m)in[A-Zi]/,
    (was, is) => judgePresence(was, is) ?? (Number(is) > Number(was) ? 'narrowed' : 'widened'),
  ],
  [
    /^schema (?:exclusiveM|m)ax[A-Zi]/,
    (was, is) => judgePresence(was, is) ?? (Number(is) < Number(was) ? 'narrowed' : 'widened'),
  ],
  [/ x-(?:error-code|refused-with)$/, () => 'replaced'],
];

/** Members whose schema allows everything where it is left out, and more where it allows more itself. */
const growing =
  /^(?:schema|items|additionalProperties|unevaluated\w+|propertyNames|patternProperties|properties|anyOf|allOf|paths)$/;

/** Lists the differences between two contracts; none only if both mean the same. */
export function compareContracts(before: JsonObject, after: JsonObject): Change[] {
  return compare('document', normalise(before), normalise(after), { side: 'request', at: '', subject: '' });
}

function compare(kind: string, before: JsonObject, after: JsonObject, place: Place): Change[] {
  const closed = [before, after].every((schema) => isSame(schema.additionalProperties, { not: {} }));
  return listDifferences(before, after).flatMap(([name, was, is]) => {
    const [form, of = ''] = formOf(kind, name);
    const found =
      form === 'several' && !Array.isArray(was ?? is)
        ? listDifferences(asObject(was), asObject(is)).flatMap(([key, one, other]) =>
            compareThings(of, name, one, other, enter(of, name, key, other ?? one, place), closed),
          )
        : form === 'one' && name !== 'not'
          ? compareThings(of, name, was, is, enter(of, name, name, is ?? was, place))
          : Array.isArray(was) && Array.isArray(is) && growing.test(name)
            ? compareChoices(kind, name, was, is, place)
            : [judge(kind, name, was, is, place)];
    // A difference that no rule understands is unknown, never none.
    return found.length > 0 ? found : [conclude(place, 'unknown', name, was, is)];
  });
}

/** Compares two things of a kind, either of which may be missing. */
function compareThings(of: string, name: string, was: Value, is: Value, place: Place, closed = false): Change[] {
  const isMonotone = of !== 'schema' || growing.test(name);
  if (isMonotone && isObject(was) && isObject(is)) return compare(of, was, is, place);
  const effect = judgePresence(was, is);
  if (!isMonotone || effect === undefined) return [];
  if (of === 'path') return compare(of, asObject(was), asObject(is), place);
  if (of === 'schema' && name !== 'properties') return [conclude(place, effect, name, was, is)];
  // A server must tell the values of something new apart only if there is a code to refuse some with.
  const isRefused = place.side === 'request' && JSON.stringify(is ?? '').includes('"x-error-code"');
  const outcome =
    of === 'response' || of === 'media' || closed
      ? effect === 'narrowed'
        ? 'widened'
        : 'narrowed'
      : is === undefined
        ? 'breaks clients'
        : asObject(is).required === true
          ? 'narrowed'
          : of === 'operation' || isRefused
            ? 'breaks servers'
            : 'compatible';
  return [{ ...conclude(place, outcome, name, was, is), says: was === undefined ? 'is new' : 'is gone' }];
}

/** Compares schemas that are alternatives, or that hold together: those that both have are set aside, the others paired. */
function compareChoices(kind: string, name: string, was: JsonValue[], is: JsonValue[], place: Place): Change[] {
  const [gone, come] = [missing(was, is), missing(is, was)];
  if (gone.length !== come.length) return [judge(kind, name, was, is, place)];
  return gone.flatMap((choice) => {
    const pairs = come.map((other) => compare('schema', asObject(choice), asObject(other), place));
    const closest = pairs.toSorted((one, other) => one.length - other.length)[0] ?? [];
    come.splice(pairs.indexOf(closest), 1);
    return closest;
  });
}

function judge(kind: string, name: string, was: Value, is: Value, place: Place): Change {
  const rule = rules.find(([pattern]) => pattern.test(`${kind} ${name}`))?.[1];
  return conclude(place, rule?.(was, is) ?? 'unknown', name, was, is);
}

function conclude(
  { side, at, subject }: Place,
  outcome: Effect | Verdict,
  name: string,
  was: Value,
  is: Value,
): Change {
  const verdict = verdicts[`${side} ${outcome}`] ?? (outcome as Verdict);
  const [before, after] = [was, is].map((value) => JSON.stringify(value)?.replace(/^(.{89}).{2,}$/s, '$1…'));
  const change =
    was === undefined ? `is new: ${after}` : is === undefined ? `is gone: ${before}` : `was ${before} and is ${after}`;
  const says = `${name} ${change}${verdict === 'unknown' ? ': look at it' : ''}`;
  return { at: at || name, subject: subject || name, says, verdict };
}

/** Names the place of a thing within another one. */
function enter(of: string, name: string, key: string, value: Value, place: Place): Place {
  const { name: called = key, operationId = key } = asObject(value);
  const within = (part: string, subject: JsonValue) => ({
    ...place,
    at: `${place.at} ${part}`.trim(),
    subject: String(subject),
  });
  if (of === 'operation') return within(String(operationId), operationId);
  if (of === 'parameter') return within(`${name.slice(0, -1)} ${String(called)}`, called);
  if (of === 'body') return within('request body', 'body');
  if (of === 'response') return { ...within(`answer ${key}`, key), side: 'answer' };
  return name === 'properties' ? within(`/${key}`, key) : place;
}

function judgePresence(was: Value, is: Value): Effect | undefined {
  return was === undefined ? 'narrowed' : is === undefined ? 'widened' : undefined;
}

/** Judges lists of what is allowed: fewer members allow less, and no list allows everything. */
function judgeSets(was: Value, is: Value): Effect {
  if (was === undefined || is === undefined) return judgePresence(was, is) ?? 'replaced';
  if (missing([is].flat(), [was].flat()).length === 0) return 'narrowed';
  return missing([was].flat(), [is].flat()).length === 0 ? 'widened' : 'replaced';
}

/** Lists the entries of a list that another one has not. */
function missing(from: readonly JsonValue[], other: readonly JsonValue[]): JsonValue[] {
  return from.filter((value) => !other.some((candidate) => isSame(candidate, value)));
}

function listDifferences(before: JsonObject, after: JsonObject): [name: string, was: Value, is: Value][] {
  const member = (owner: JsonObject, name: string): Value => (Object.hasOwn(owner, name) ? owner[name] : undefined);
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const all = names.map((name): [string, Value, Value] => [name, member(before, name), member(after, name)]);
  return all.filter(([, was, is]) => !isSame(was, is));
}

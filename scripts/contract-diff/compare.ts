import { isDeepStrictEqual } from 'node:util';
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
const verdicts: Readonly<Record<`${Place['side']} ${Effect}`, Verdict>> = {
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
  [/^document servers$/, (was, is) => (fewerIsNarrower(was, is) === 'widened' ? 'compatible' : 'breaks clients')],
  [/^(?:operation security|schema (?:type|enum|anyOf|oneOf))$/, fewerIsNarrower],
  [/^schema (?:required|allOf)$/, (was, is) => fewerIsNarrower(is ?? [], was ?? [])],
  [/^(?:parameter|body) required$/, (was) => (was === true ? 'widened' : 'narrowed')],
  [/^schema (?:pattern|format|multipleOf|uniqueItems|not)$/, presenceIsNarrower],
  [/^schema (?:exclusiveM|m)in[A-Zi]/, higherIsNarrower],
  [/^schema (?:exclusiveM|m)ax[A-Zi]/, lowerIsNarrower],
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
  const closed = [before, after].every((schema) => isDeepStrictEqual(schema.additionalProperties, { not: {} }));
  return differences(before, after).flatMap(([name, was, is]) => {
    const [form, of = ''] = formOf(kind, name);
    const says = sentence(name, was, is);
    const found =
      form === 'several' && !Array.isArray(was ?? is)
        ? differences(asObject(was), asObject(is)).flatMap(([key, one, other]) =>
            compareThings(of, name, one, other, enter(of, name, key, other ?? one, place), closed),
          )
        : form === 'one' && name !== 'not'
          ? compareThings(of, name, was, is, enter(of, name, name, is ?? was, place))
          : Array.isArray(was) && Array.isArray(is) && growing.test(name)
            ? compareChoices(kind, name, was, is, place)
            : [judge(kind, name, was, is, place, says)];
    // A difference that no rule understands is unknown, never none.
    return found.length > 0 ? found : [verdictOn(place, 'unknown', says, name)];
  });
}

/** Compares two things of a kind, either of which may be missing. */
function compareThings(
  of: string,
  name: string,
  was: Value,
  is: Value,
  place: Place,
  closed: boolean = false,
): Change[] {
  const isMonotone = of !== 'schema' || growing.test(name);
  if (isMonotone && isObject(was) && isObject(is)) return compare(of, was, is, place);
  if (!isMonotone || (was !== undefined && is !== undefined)) return [];
  if (of === 'path') return compare(of, asObject(was), asObject(is), place);
  if (of === 'schema' && name !== 'properties')
    return [verdictOn(place, presenceIsNarrower(was, is), sentence(name, was, is))];
  const says = was === undefined ? 'is new' : 'is gone';
  if (of === 'response' || of === 'media' || closed)
    return [verdictOn(place, is === undefined ? 'narrowed' : 'widened', says)];
  if (is === undefined) return [verdictOn(place, 'breaks clients', says)];
  if (asObject(is).required === true) return [verdictOn(place, 'narrowed', says)];
  // A server must tell the values of something new apart only if there is a code to refuse some with.
  const isRefused = place.side === 'request' && JSON.stringify(is).includes('"x-error-code"');
  return [verdictOn(place, of === 'operation' || isRefused ? 'breaks servers' : 'compatible', says)];
}

/** Compares schemas that are alternatives, or that hold together: those that both have are set aside, the others paired. */
function compareChoices(kind: string, name: string, was: JsonValue[], is: JsonValue[], place: Place): Change[] {
  const [gone, come] = [missing(was, is), missing(is, was)];
  if (gone.length !== come.length) return [judge(kind, name, was, is, place, sentence(name, was, is))];
  return gone.flatMap((choice) => {
    const pairs = come.map((other) => compare('schema', asObject(choice), asObject(other), place));
    const closest = pairs.toSorted((one, other) => one.length - other.length)[0] ?? [];
    come.splice(pairs.indexOf(closest), 1);
    return closest;
  });
}

function judge(kind: string, name: string, was: Value, is: Value, place: Place, says: string): Change {
  const rule = rules.find(([pattern]) => pattern.test(`${kind} ${name}`))?.[1];
  return verdictOn(place, rule?.(was, is) ?? 'unknown', says, name);
}

function verdictOn(place: Place, outcome: Effect | Verdict, says: string, name = ''): Change {
  const effect = `${place.side} ${outcome}` as keyof typeof verdicts;
  const verdict = Object.hasOwn(verdicts, effect) ? verdicts[effect] : (outcome as Verdict);
  const told = verdict === 'unknown' ? `${says}: look at it` : says;
  return { at: place.at || name, subject: place.subject || name, says: told, verdict };
}

/** Names the place of a thing within another one. */
function enter(of: string, name: string, key: string, value: Value, place: Place): Place {
  const { name: called = key, operationId = key } = asObject(value);
  const within = (part: string, subject: string): Place => ({ ...place, at: `${place.at} ${part}`.trim(), subject });
  if (of === 'operation') return within(String(operationId), String(operationId));
  if (of === 'parameter') return within(`${name.slice(0, -1)} ${String(called)}`, String(called));
  if (of === 'body') return within('request body', 'body');
  if (of === 'response') return { ...within(`answer ${key}`, key), side: 'answer' };
  return name === 'properties' ? within(`/${key}`, key) : place;
}

function sentence(name: string, was: Value, is: Value): string {
  const brief = (value: Value): string => JSON.stringify(value)?.replace(/^(.{89}).{2,}$/s, '$1…') ?? '';
  if (was === undefined) return `${name} is new: ${brief(is)}`;
  return is === undefined ? `${name} is gone: ${brief(was)}` : `${name} was ${brief(was)} and is ${brief(is)}`;
}

function presenceIsNarrower(was: Value, is: Value): Effect {
  return was === undefined ? 'narrowed' : is === undefined ? 'widened' : 'replaced';
}

function fewerIsNarrower(was: Value, is: Value): Effect {
  if (was === undefined || is === undefined) return presenceIsNarrower(was, is);
  if (missing([is].flat(), [was].flat()).length === 0) return 'narrowed';
  return missing([was].flat(), [is].flat()).length === 0 ? 'widened' : 'replaced';
}

function lowerIsNarrower(was: Value, is: Value): Effect {
  return was === undefined || is === undefined ? presenceIsNarrower(was, is) : higherIsNarrower(is, was);
}

function higherIsNarrower(was: Value, is: Value): Effect {
  return was === undefined || is === undefined
    ? presenceIsNarrower(was, is)
    : Number(is) > Number(was)
      ? 'narrowed'
      : 'widened';
}

/** Lists the entries of a list that another one has not. */
function missing(from: readonly JsonValue[], other: readonly JsonValue[]): JsonValue[] {
  return from.filter((value) => !other.some((candidate) => isDeepStrictEqual(candidate, value)));
}

function differences(before: JsonObject, after: JsonObject): [name: string, was: Value, is: Value][] {
  const member = (owner: JsonObject, name: string): Value => (Object.hasOwn(owner, name) ? owner[name] : undefined);
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const all = names.map((name): [string, Value, Value] => [name, member(before, name), member(after, name)]);
  return all.filter(([, was, is]) => !isDeepStrictEqual(was, is));
}

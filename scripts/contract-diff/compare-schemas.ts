import { resolve } from '../../conformance/contract/contract.ts';
import { isObject, pointerToken, type JsonObject } from '../../conformance/contract/json.ts';
import { verdictOf, type Change, type Effect, type Side } from './change.ts';
import { changedKeywords } from './keywords.ts';

/** A schema of one of two contracts. */
export interface Located {
  readonly document: JsonObject;
  readonly pointer: string;
}

/** Where two schemas stand: on which side, and under which names. */
export interface Place {
  readonly side: Side;
  readonly at: string;
  readonly subject: string;
  /** The schemas around it, so that one which contains itself comes to an end. */
  readonly seen?: readonly string[];
}

/** Finds what is different between two schemas, and in those that they have within. */
export function compareSchemas(before: Located, after: Located, outer: Place): readonly Change[] {
  const was = resolve(before.document, before.pointer);
  const is = resolve(after.document, after.pointer);
  const pair = `${was.pointer} ${is.pointer}`;
  if (outer.seen?.includes(pair)) return [];
  const place = { ...outer, seen: [...(outer.seen ?? []), pair] };
  const nested = [
    ...sharedChoices(was.value, is.value),
    ...('items' in was.value && 'items' in is.value ? ['items'] : []),
  ];
  const keywords = changedKeywords(was.value, is.value)
    .filter(({ name }) => !nested.some((path) => path.startsWith(`${name}/`)))
    .map(({ name, effect }) => changeOf(place, effect, sentence(name, was.value[name], is.value[name])));
  const within = nested.flatMap((path) =>
    compareSchemas(
      { ...before, pointer: `${was.pointer}/${path}` },
      { ...after, pointer: `${is.pointer}/${path}` },
      place,
    ),
  );
  return [...keywords, ...compareProperties({ ...before, ...was }, { ...after, ...is }, place), ...within];
}

/** The choices of two schemas that have the same number of them: they are compared one by one. */
function sharedChoices(before: JsonObject, after: JsonObject): readonly string[] {
  return ['anyOf', 'oneOf', 'allOf'].flatMap((name) => {
    const [was, is] = [before[name], after[name]];
    if (!Array.isArray(was) || !Array.isArray(is) || was.length !== is.length) return [];
    return [...was.keys()].map((index) => `${name}/${index}`);
  });
}

function compareProperties(
  before: Located & { readonly value: JsonObject },
  after: Located & { readonly value: JsonObject },
  place: Place,
): readonly Change[] {
  const [was, is] = [before, after].map(({ value }) => (isObject(value.properties) ? value.properties : {})) as [
    JsonObject,
    JsonObject,
  ];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((name) => {
    const inner = { ...place, at: `${place.at} /${name}`, subject: name };
    if (!Object.hasOwn(was, name)) return [changeOf(inner, 'added', 'is new')];
    // Whoever sent or read it has lost it; nobody else notices.
    if (!Object.hasOwn(is, name)) return [goneOf(inner)];
    const pointer = `properties/${pointerToken(name)}`;
    return compareSchemas(
      { ...before, pointer: `${before.pointer}/${pointer}` },
      { ...after, pointer: `${after.pointer}/${pointer}` },
      inner,
    );
  });
}

/** A change that takes something away that clients may be using. */
export function goneOf({ at, subject }: Place): Change {
  return { at, subject, says: 'is gone', verdict: 'breaks clients' };
}

/** A change at a place, with its verdict. */
export function changeOf({ side, at, subject }: Place, effect: Effect, says: string): Change {
  return { at, subject, says, verdict: verdictOf(side, effect) };
}

function sentence(name: string, before: unknown, after: unknown): string {
  if (before === undefined) return `${name} is new: ${brief(after)}`;
  if (after === undefined) return `${name} is gone: ${brief(before)}`;
  return `${name} was ${brief(before)} and is ${brief(after)}`;
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > 90 ? `${text.slice(0, 89)}…` : text;
}

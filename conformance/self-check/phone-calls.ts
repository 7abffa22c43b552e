import { isObject, type JsonObject, type JsonValue } from '../contract/json.ts';
import { withJson } from './answers.ts';
import type { Change, Row } from './wrong-answer.ts';

const otherId = 'c0ffee0123456789abcd';

/** Ids that are not that of the call. */
const otherIds: readonly Row<(id: string) => string>[] = [
  ['unknown', 'another id', () => otherId],
  ['upper-case', 'its id in upper case', (id) => id.toUpperCase()],
  ['cut-short', 'its id without the last character', (id) => id.slice(0, -1)],
  ['longer', 'its id with a character more', (id) => `${id}0`],
  ['padded', 'its id with a blank', (id) => `${id} `],
];

/** PhoneCalls that are about another call. */
export const otherCalls: readonly Row<Change>[] = otherIds.map(([name, says, change]) => [
  `id-${name}`,
  `with ${says}`,
  inEachCall((call) => (typeof call.id === 'string' ? { ...call, id: change(call.id) } : call)),
]);

/** Links that lead elsewhere, or nowhere. */
export const otherLinks: readonly Row<Change>[] = [
  ['self-empty', 'with an empty self link', linking(() => '')],
  ['self-of-another-call', 'with the self link of another call', linking((self, id) => self.replace(id, otherId))],
  ['self-of-extension', 'with a self link that lacks the id', linking((self, id) => self.replace(`/${id}`, ''))],
  ['self-cut-short', 'with a self link that is cut short', linking((self) => self.slice(0, -1))],
];

/** PhoneCalls without what they should have. */
export const lacking: readonly Row<Change>[] = [
  ['extension-missing', 'without the extension', inEachCall((call) => without(call, 'extension'))],
  ['link-missing', 'without a link', inEachCall((call) => without(without(call, 'link'), 'links'))],
  ['self-missing', 'with a link without self', linked(() => ({}))],
];

/** Lists of calls that the one is not in. */
export const otherLists: readonly Row<Change>[] = [
  ['entry-empty', 'with a list of no calls', withJson(() => ({ entry: [] }))],
  ['entry-text', 'with a list of ids', withJson((value) => ({ entry: callsOf(value).map(({ id }) => id ?? null) }))],
  ['entry-object', 'with a list that is an object', withJson((value) => ({ entry: value }))],
  ['entries', 'with a list by another name', withJson((value) => ({ entries: callsOf(value) }))],
];

/** Changes each call of a body that is one or lists them; where that changes nothing, the body is left alone. */
export function inEachCall(change: (call: JsonObject) => JsonValue): Change {
  return withJson((value) => {
    if (!isObject(value)) return undefined;
    const changed = Array.isArray(value.entry)
      ? { ...value, entry: value.entry.map((call) => (isObject(call) ? change(call) : call)) }
      : change(value);
    return JSON.stringify(changed) === JSON.stringify(value) ? undefined : changed;
  });
}

function linking(change: (self: string, id: string) => string): Change {
  return linked((link, id) => (typeof link.self === 'string' ? { ...link, self: change(link.self, id) } : link));
}

function linked(change: (link: JsonObject, id: string) => JsonObject): Change {
  return inEachCall((call) => {
    const name = ['link', 'links'].find((member) => isObject(call[member]));
    return name === undefined ? call : { ...call, [name]: change(call[name] as JsonObject, String(call.id)) };
  });
}

function callsOf(value: JsonValue): JsonObject[] {
  if (!isObject(value)) return [];
  return Array.isArray(value.entry) ? value.entry.filter(isObject) : [value];
}

function without(members: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([member]) => member !== name));
}

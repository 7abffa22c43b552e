import { createHash } from 'node:crypto';
import { operationById, type Contract, type Operation } from '../contract/contract.ts';
import { isObject, type JsonObject, type JsonValue } from '../contract/json.ts';
import { pathValues } from '../contract/path-segment.ts';
import type { LiveCall as PublishedCall } from './published.ts';
import { readTarget } from './request.ts';

/** A live call, which a transfer changes. */
export interface LiveCall extends Omit<PublishedCall, 'phoneCall'> {
  phoneCall: JsonObject;
}

/** The live calls, and the extensions of each user. */
export interface Switchboard {
  readonly calls: readonly LiveCall[];
  readonly extensions: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The calls that a path names, or the first of its parameters that names nothing. */
type Located =
  | { readonly calls: readonly LiveCall[]; readonly unknown?: never }
  | { readonly unknown: 'userId' | 'extension' | 'phoneCallId' };

/**
 * Opens a switchboard with the calls that the contract's examples show, and with clones of the first.
 *
 * @param extraCalls - The ids of the clones, or their number.
 * @throws Error if the examples show no call.
 */
export function openSwitchboard(contract: Contract, extraCalls: number | readonly string[]): Switchboard {
  const reading = operationById(contract, 'getPhoneCall');
  const shown = exampleCalls(reading);
  const first = shown[0];
  if (first === undefined) {
    throw new Error('The examples of getPhoneCall show no call: add one with an id and a link whose self is its path.');
  }
  const ids = typeof extraCalls === 'number' ? cloneIds(first.phoneCallId, extraCalls) : extraCalls;
  const calls = [...shown, ...ids.map((id) => createCall(reading, { ...first, phoneCallId: id }, first.phoneCall))];
  return { calls, extensions: knownExtensions(calls) };
}

export function locateCalls(switchboard: Switchboard, values: Readonly<Record<string, string>>): Located {
  const { userId = '', extension = '', phoneCallId } = values;
  const users = [...switchboard.extensions].filter(([user]) => isAlias(userId) || user === userId);
  if (users.length === 0) return { unknown: 'userId' };
  if (!isAlias(extension) && !users.some(([, extensions]) => extensions.has(extension)))
    return { unknown: 'extension' };
  const calls = switchboard.calls.filter(
    (call) =>
      (phoneCallId === undefined || call.phoneCallId === phoneCallId) &&
      (isAlias(userId) || call.userId === userId) &&
      (isAlias(extension) || call.extension === extension),
  );
  return phoneCallId !== undefined && calls.length === 0 ? { unknown: 'phoneCallId' } : { calls };
}

/** Connects the other party of a call to a number: the source leaves if it transfers the call, else the destination. */
export function transferCall(call: LiveCall, number: string, from?: JsonValue): void {
  const views = Array.isArray(call.phoneCall.phoneCallView) ? call.phoneCall.phoneCallView : [];
  const transferView = (view: JsonValue): JsonValue => {
    if (!isObject(view)) return view;
    const callerId = typeof view.callerId === 'string' && view.callerId.replace(/<[^>]*>/, () => `<${number}>`);
    const leaves = JSON.stringify(view.source) === JSON.stringify([from]) ? 'source' : 'destination';
    return { ...view, ...(callerId !== false && { callerId }), [leaves]: [number] };
  };
  call.phoneCall = { ...call.phoneCall, phoneCallView: views.map(transferView) };
}

function isAlias(value: string): boolean {
  return value.startsWith('@');
}

function exampleCalls(reading: Operation): LiveCall[] {
  const success = reading.responses.find(({ status, content }) => status.startsWith('2') && content.length > 0);
  const shown = success?.content.flatMap(({ examples }) => [...examples.values()]) ?? [];
  const calls = shown
    .flatMap((example) => (isObject(example) && Array.isArray(example.entry) ? example.entry : [example]))
    .filter(isObject)
    .flatMap((phoneCall) => {
      const values = pathValues(reading.path, readTarget(selfLink(phoneCall)).segments);
      return values === undefined ? [] : [createCall(reading, values, phoneCall)];
    });
  // A later example of the same call shows it after a transfer.
  return calls.filter(
    ({ phoneCallId }, index) => calls.findIndex((call) => call.phoneCallId === phoneCallId) === index,
  );
}

function selfLink(phoneCall: JsonObject): string {
  const link = phoneCall.link ?? phoneCall.links;
  return isObject(link) && typeof link.self === 'string' ? link.self : '';
}

function createCall(
  { path }: Operation,
  { userId = '', extension = '', phoneCallId = '' }: { userId?: string; extension?: string; phoneCallId?: string },
  example: JsonObject,
): LiveCall {
  const values: Readonly<Record<string, string>> = { userId, extension, phoneCallId };
  const link = path.replaceAll(/\{(.+?)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
  return { userId, extension, phoneCallId, link, phoneCall: withLink({ ...example, id: phoneCallId }, link) };
}

/** Sets the self link of a phone call, in the member that it has for links: `link` on the page, `links` elsewhere. */
export function withLink(phoneCall: JsonObject, self: string): JsonObject {
  const member = 'links' in phoneCall ? 'links' : 'link';
  const link = phoneCall[member];
  return { ...phoneCall, [member]: { ...(isObject(link) && link), self } };
}

function cloneIds(id: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    createHash('sha256').update(`${id} ${index}`).digest('hex').slice(0, id.length),
  );
}

function knownExtensions(calls: readonly LiveCall[]): Map<string, Set<string>> {
  const known = new Map<string, Set<string>>();
  for (const { userId, extension, phoneCall } of calls) {
    const extensions = known.get(userId) ?? new Set<string>();
    known.set(userId, extensions.add(extension));
    for (const party of extensionsInCall(phoneCall)) extensions.add(party);
  }
  return known;
}

/** Returns the extensions that take part in a call. An asterisk distinguishes them from public numbers. */
function extensionsInCall({ phoneCallView }: JsonObject): string[] {
  const views = Array.isArray(phoneCallView) ? phoneCallView.filter(isObject) : [];
  return views
    .flatMap(({ source, destination }) => [source, destination].flat())
    .filter((party): party is string => typeof party === 'string' && party.includes('*'));
}

import { isObject, parseIfJson, type JsonObject } from '../contract/json.ts';
import { readErrorCode } from '../contract/refusal.ts';
import { addressOf } from '../target/address.ts';
import { succeeded, type CallReading, type Exchange, type SentRequest } from '../target/exchange.ts';
import { longestPhrase, shortened } from '../target/shown-exchange.ts';
import { callsIn, type OtherCall, type Parties } from './fixture.ts';

export interface Place extends OtherCall {
  readonly before: CallReading;
}

export interface Move extends Place {
  readonly after: CallReading;
}

/** Statuses by which a target says that calls cannot be read, or not with this token. */
const unsupported: readonly number[] = [401, 403, 404, 405, 501];

/** Statuses by which a target says that there is no such call; 404 only where it has shown the call before. */
const absent: readonly number[] = [204, 404, 410];

/**
 * More sources or destinations than a call has, and more characters than a number has: a server that shows more is compared
 * by these. They are kept for each request.
 */
const mostParties = 20;
const longestParty = 64;

/** Returns how a request was answered, in a few words: `400 pc_sendcallto_invalid` for example. */
export function summarizeAnswer({ response, failure }: Exchange): string {
  if (response === undefined) return failure?.kind ?? 'nothing';
  const code = readErrorCode(response.body.json?.value);
  return code === undefined ? String(response.status) : `${response.status} ${shortened(code, longestPhrase)}`;
}

/** Returns true if the answer to a reading says that calls cannot be read at all. */
export function isUnsupported({ response }: Exchange): boolean {
  return response !== undefined && unsupported.includes(response.status);
}

/**
 * Returns where a call is, from the answer to reading it.
 *
 * @param unknownAnswers - The answers to a path that names no existing call, `400 pc_phoncall_invalid` for example.
 * @param wasShown - True if the target showed the call before.
 */
export function parseReading(
  exchange: Exchange,
  call: string,
  unknownAnswers: readonly string[],
  wasShown = false,
): CallReading {
  const { response, failure } = exchange;
  const nowhere = { sources: [], destinations: [] };
  if (response === undefined) return { outcome: 'failed', ...nowhere, description: failure?.message ?? 'no answer' };
  const body = response.body.json?.value;
  const answer = summarizeAnswer(exchange);
  const description = `reading the call was answered with ${answer}`;
  const isEmptyList = isObject(body) && Array.isArray(body.entry) && body.entry.length === 0;
  const isAbsent = absent.includes(response.status) && (wasShown || !isUnsupported(exchange));
  if (isAbsent || (isEmptyList && wasShown) || unknownAnswers.includes(answer))
    return { outcome: 'unknown', ...nowhere, description };
  if (isUnsupported(exchange)) return { outcome: 'unsupported', ...nowhere, description };
  const found = response.status === 200 ? callsIn(body ?? null).find(({ id }) => id === call) : undefined;
  if (found === undefined || !Array.isArray(found.phoneCallView)) {
    return { outcome: 'failed', ...nowhere, description: `${description}, without the call and its views` };
  }
  const views = found.phoneCallView;
  const listShown = (member: 'source' | 'destination') =>
    Iterator.from(views)
      .filter(isObject)
      .flatMap((view) => [view[member] ?? []].flat())
      .take(mostParties)
      .toArray()
      .map((number) => shortened(String(number), longestParty));
  const isOnHold = views.some((view) => isObject(view) && (view.onHold ?? null) !== null);
  const parties = { sources: listShown('source'), destinations: listShown('destination') };
  return { outcome: 'read', ...parties, ...(isOnHold && { isOnHold }), description };
}

/** Returns true if a reading says nothing, and the next one might. */
export function isInVain({ outcome }: CallReading): boolean {
  return outcome === 'failed' || outcome === 'unanswered';
}

export function wasRead(reading: CallReading | undefined): boolean {
  return reading?.outcome === 'read';
}

/** Returns true if two readings show a call at the same place, and it was not put on hold. */
export function samePlace(before: CallReading, after: CallReading): boolean {
  const isPutOnHold = after.isOnHold === true && before.isOnHold !== true;
  return after.outcome === 'read' && describeParties(after) === describeParties(before) && !isPutOnHold;
}

/** Formats the parties of a call, `0003*210 to 3235742879` for example. */
export function describeParties({ sources, destinations }: CallReading): string {
  return `${sources.join(', ') || 'nothing'} to ${destinations.join(', ') || 'nothing'}`;
}

export function listParties({ sources, destinations }: CallReading): string[] {
  return [...sources, ...destinations];
}

/** Returns true if a reading shows a number as a source or destination, in its own notation or as an international one. */
export function shows(reading: CallReading, number: string): boolean {
  return listParties(reading).some((party) => isSame(party, number));
}

/** Returns true if a number is one of two parties, in any notation. */
export function isOn({ from, number: other }: Parties, number: string): boolean {
  return isSame(from, number) || isSame(other, number);
}

/**
 * Returns the parties that the next transfer of a call names, since "its value can be the phone number of the source or
 * destination": those that the call shows, the one that stays first of all, or those that the last success left.
 *
 * @param isNumber - Tells whether a transfer may name a text.
 */
export function presentParties(
  left: Parties,
  reading: CallReading | undefined,
  isNumber: (text: string) => boolean,
): Parties {
  const shown = reading?.outcome === 'read' ? listParties(reading).filter(isNumber) : [];
  const find = (number: string, others = shown) => others.find((party) => isSame(party, number));
  const number = find(left.number) ?? shown.find((party) => !isSame(party, left.from));
  const others = shown.filter((party) => number !== undefined && !isSame(party, number));
  const from = find(left.from, others) ?? others[0];
  return number === undefined || from === undefined ? left : { from, number };
}

/** Returns the parties that a transfer left on its call: who stayed, and the number sent to. Undefined if it failed. */
export function leftBy(exchange: Exchange, before: Parties): Parties | undefined {
  if (!isAcceptedTransfer(exchange)) return undefined;
  const { sendCallTo, transferFromNumber, transferNumber } = readBody(exchange.request) ?? {};
  if (typeof sendCallTo !== 'string') return undefined;
  const other = transferFromNumber === before.number ? before.from : before.number;
  const stays = [before.from, before.number].find((party) => party === transferNumber) ?? other;
  return { from: sendCallTo, number: stays };
}

/** The country code of an international number (ITU-T E.164 section 6.2.1), or as much of one as a plus sign. */
const countryCode = /^\+[0-9]{0,3}$/;

/** The fewest digits of a number that is dialled with a country code before it. */
const fewestDigits = 7;

/** Returns true if two texts are one number: the same digits, perhaps as an international number in one of them. */
function isSame(one: string, other: string): boolean {
  const [national, international] = [one, other].toSorted((left, right) => left.length - right.length) as [
    string,
    string,
  ];
  if (one === other || `+${national}` === international) return true;
  const isDialled = /^[0-9]+$/.test(national) && national.length >= fewestDigits;
  return isDialled && international.endsWith(national) && countryCode.test(international.slice(0, -national.length));
}

/** Returns true if an exchange is a transfer that succeeded. */
export function isAcceptedTransfer(exchange: Exchange): boolean {
  return exchange.request.method === 'PUT' && succeeded(exchange);
}

/** Returns true if an exchange is about a call: by its id, or by its extension with all its calls. */
export function isSentTo({ request }: Exchange, { extension, call }: OtherCall): boolean {
  const address = addressOf(request);
  return address.call === undefined ? [extension, '@self'].includes(address.extension) : address.call === call;
}

/** Returns the numbers that accepted transfers sent a call to. */
export function listNumbers(call: OtherCall, exchanges: readonly Exchange[]): string[] {
  return exchanges
    .filter((exchange) => isAcceptedTransfer(exchange) && isSentTo(exchange, call))
    .flatMap(({ request }) => readNumber(request) ?? []);
}

/**
 * Attaches the readings of each call to the last transfer of it, and those of the other calls to the last one of all. A
 * reading gets those of the fixture's call. Where there are readings only, the last ones take the place of transfers.
 *
 * @param moves - The fixture's call first.
 */
export function attachReadings(exchanges: readonly Exchange[], moves: readonly Move[]): Exchange[] {
  const [main, ...rest] = moves.map((move) => ({ ...move, sentTo: listNumbers(move, exchanges) }));
  if (main === undefined) return [...exchanges];
  const isTransfer = exchanges.map(({ request }) => request.method === 'PUT');
  const isSubject = isTransfer.includes(true) ? isTransfer : isTransfer.map(() => true);
  const calls = exchanges.map(({ request }, index) => (isSubject[index] ? addressOf(request).call : null));
  return exchanges.map((exchange, index) => {
    if (!isSubject[index]) {
      const { before, after, sentTo } = main;
      return { ...exchange, readings: { before, after, sentTo, others: [] } };
    }
    const call = calls[index];
    const isLast = index === isSubject.lastIndexOf(true);
    const isLastOfCall = calls.lastIndexOf(call) === index;
    const own = isLastOfCall ? [main, ...rest].find((move) => move.call === call) : undefined;
    const move = own ?? (isLast ? main : undefined);
    if (move === undefined) return exchange;
    const { before, after, sentTo } = move;
    return { ...exchange, readings: { before, after, sentTo, others: isLast ? rest : [] } };
  });
}

/** Returns the number that a request sends a call to; undefined if its body has no members. */
export function readNumber(request: SentRequest): string | undefined {
  const body = readBody(request);
  return body && String(body.sendCallTo);
}

/** Returns the members of a body; undefined if it is neither JSON nor a form. */
export function readBody({ headers, body }: SentRequest): JsonObject | undefined {
  const isForm = headers['content-type']?.endsWith('x-www-form-urlencoded');
  const value = parseIfJson(body) ?? (isForm ? Object.fromEntries(new URLSearchParams(body)) : undefined);
  return value === undefined ? undefined : (Object(value) as JsonObject);
}

import { isObject } from '../contract/json.ts';
import { readErrorCode } from '../contract/refusal.ts';
import { addressOf } from '../target/address.ts';
import { succeeded, type CallReading, type Exchange, type SentRequest } from '../target/exchange.ts';
import { longestPhrase, shortened } from '../target/redaction.ts';
import { callsIn, type OtherCall } from './fixture.ts';

/** A call, and where it was. */
export interface Place extends OtherCall {
  readonly before: CallReading;
}

/** A call, where it was and where it is. */
export interface Move extends Place {
  readonly after: CallReading;
}

/** Statuses by which a target says that calls cannot be read, or not with this token. */
const unsupported: readonly number[] = [401, 403, 404, 405, 501];

/** More than any call has parties: a server that shows more is compared by these. */
const mostDestinations = 100;

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
 * @param unknownCode - The code that answers the id of no existing call.
 */
export function parseReading(exchange: Exchange, call: string, unknownCode: string | undefined): CallReading {
  const { response, failure } = exchange;
  const nowhere = { destinations: [] };
  if (response === undefined) return { outcome: 'failed', ...nowhere, description: failure?.message ?? 'no answer' };
  const body = response.body.json?.value;
  const code = readErrorCode(body);
  const description = `reading the call was answered with ${summarizeAnswer(exchange)}`;
  if (isUnsupported(exchange)) return { outcome: 'unsupported', ...nowhere, description };
  if (code !== undefined && code === unknownCode) return { outcome: 'unknown', ...nowhere, description };
  const found = response.status === 200 ? callsIn(body ?? null).find(({ id }) => id === call) : undefined;
  if (found === undefined || !Array.isArray(found.phoneCallView)) {
    return { outcome: 'failed', ...nowhere, description: `${description}, without the call and its views` };
  }
  const destinations = found.phoneCallView.filter(isObject).flatMap(({ destination }) => destination ?? []);
  const shown = destinations
    .slice(0, mostDestinations)
    .map((destination) => shortened(String(destination), longestPhrase));
  return { outcome: 'read', destinations: shown, description };
}

/** Returns true if a reading says nothing, and the next one might. */
export function isInVain({ outcome }: CallReading): boolean {
  return outcome === 'failed' || outcome === 'unanswered';
}

/** Returns true if the target showed the call. */
export function wasRead(reading: CallReading | undefined): boolean {
  return reading?.outcome === 'read';
}

/** Returns true if two readings show a call at the same place. */
export function samePlace(before: CallReading, after: CallReading): boolean {
  return after.outcome === 'read' && after.destinations.join() === before.destinations.join();
}

/** Returns true if a reading shows a number as a destination, with or without a plus sign. */
export function shows({ destinations }: CallReading, number: string): boolean {
  return destinations.some((destination) => withoutPlus(destination) === withoutPlus(number));
}

function withoutPlus(number: string): string {
  return number.replace(/^\+/, '');
}

/** Returns the numbers that accepted transfers sent a call to. */
export function listNumbers({ extension, call }: OtherCall, exchanges: readonly Exchange[]): string[] {
  return exchanges
    .filter((exchange) => exchange.request.method === 'PUT' && succeeded(exchange))
    .filter(({ request }) => {
      const address = addressOf(request);
      return address.call === undefined ? [extension, '@self'].includes(address.extension) : address.call === call;
    })
    .flatMap(({ request }) => readNumber(request) ?? []);
}

/**
 * Attaches the readings of each call to the last exchange about it, and those of the other calls to the last exchange.
 *
 * @param moves - The fixture's call first.
 */
export function attachReadings(exchanges: readonly Exchange[], moves: readonly Move[]): Exchange[] {
  const [main, ...rest] = moves.map((move) => ({ ...move, sentTo: listNumbers(move, exchanges) }));
  if (main === undefined) return [...exchanges];
  const calls = exchanges.map(({ request }) => addressOf(request).call);
  return exchanges.map((exchange, index) => {
    const call = calls[index];
    const isLast = index === exchanges.length - 1;
    const isLastOfCall = calls.lastIndexOf(call) === index;
    const own = isLastOfCall ? [main, ...rest].find((move) => move.call === call) : undefined;
    const move = own ?? (isLast ? main : undefined);
    if (move === undefined) return exchange;
    const { before, after, sentTo } = move;
    return { ...exchange, readings: { before, after, sentTo, others: isLast ? rest : [] } };
  });
}

function readNumber({ body }: SentRequest): string | undefined {
  try {
    return String((JSON.parse(body ?? '') as { sendCallTo?: unknown }).sendCallTo);
  } catch {
    return undefined;
  }
}

import { succeeded } from '../checks/success.ts';
import { addressOf } from '../target/address.ts';
import type { Exchange, SentRequest } from '../target/exchange.ts';
import type { OtherCall } from './fixture.ts';
import type { Move } from '../run/call-watch.ts';

/** The numbers that accepted transfers sent a call to. */
export function numbersOf({ extension, call }: OtherCall, exchanges: readonly Exchange[]): string[] {
  return exchanges
    .filter((exchange) => exchange.request.method === 'PUT' && succeeded(exchange))
    .filter(({ request }) => {
      const address = addressOf(request);
      return address.call === undefined ? [extension, '@self'].includes(address.extension) : address.call === call;
    })
    .flatMap(({ request }) => numberOf(request) ?? []);
}

/**
 * Attaches to the last exchange about each call what was read of it, and to the last of all what was read of the others.
 *
 * @param moves - The fixture's call first.
 */
export function withReadings(exchanges: readonly Exchange[], moves: readonly Move[]): Exchange[] {
  const [main, ...rest] = moves.map((move) => ({ ...move, sentTo: numbersOf(move, exchanges) }));
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

function numberOf({ body }: SentRequest): string | undefined {
  try {
    return String((JSON.parse(body ?? '') as { sendCallTo?: unknown }).sendCallTo);
  } catch {
    return undefined;
  }
}

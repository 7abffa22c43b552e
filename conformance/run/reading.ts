import { isUnsupported } from '../checks/reading.ts';
import { isObject } from '../contract/json.ts';
import { readErrorCode } from '../contract/refusal.ts';
import type { CallReading, Exchange } from '../target/exchange.ts';
import { callsIn } from '../call/fixture.ts';
import { longestPhrase, shortened } from '../target/redaction.ts';
import { answerOf } from './answers.ts';
import { UnavailableTarget } from './availability.ts';
import { UnresponsiveTarget } from './responsiveness.ts';

/** More than any call has parties: a server that shows more is compared by these. */
const mostDestinations = 100;

/**
 * Where a call is, from the answer to reading it.
 *
 * @param unknownCode - The code that answers the id of no existing call.
 */
export function callReading(exchange: Exchange, call: string, unknownCode: string | undefined): CallReading {
  const { response, failure } = exchange;
  const nowhere = { destinations: [] };
  if (response === undefined) return { outcome: 'failed', ...nowhere, description: failure?.message ?? 'no answer' };
  const body = response.body.json?.value;
  const code = readErrorCode(body);
  const description = `reading the call was answered with ${answerOf(exchange)}`;
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

/**
 * What is known of a call whose reading was not answered, for which a transfer is not to blame.
 *
 * @throws The error itself, if it says anything else.
 */
export function unansweredReading(error: Error): CallReading {
  if (!(error instanceof UnavailableTarget || error instanceof UnresponsiveTarget)) throw error;
  return { outcome: 'unanswered', destinations: [], description: error.message };
}

/** Whether a reading tells nothing, and the next one might. */
export function isInVain({ outcome }: CallReading): boolean {
  return outcome === 'failed' || outcome === 'unanswered';
}

import { refusalFor, type Suite } from '../cases/suite.ts';
import { readErrorCode } from '../contract/refusal.ts';
import type { Exchange } from '../target/exchange.ts';
import { longestPhrase, shortened } from '../target/redaction.ts';

/** How a request was answered, in a few words: `400 pc_sendcallto_invalid` for example. */
export function answerOf(exchange: Exchange | undefined): string {
  const { response, failure } = exchange ?? {};
  if (response === undefined) return failure?.kind ?? 'nothing';
  const code = readErrorCode(response.body.json?.value);
  return code === undefined ? String(response.status) : `${response.status} ${shortened(code, longestPhrase)}`;
}

/** How the id of no existing call is answered. */
export function goneAnswer(suite: Suite): string {
  const { statuses, code } = refusalFor(suite, 'phoneCallId');
  return `${statuses.join()} ${code}`;
}

import type { Answer, Behaviour, Exchange, Parameter, Reason, Refusal } from './behaviour.ts';
import { documented, isPhoneNumber } from './documented.ts';

/** The members of a JSON object. */
export type Members = Readonly<Record<string, unknown>>;

/** Changes the answers of one outcome. */
export function answering(
  outcome: Answer['outcome'],
  change: (answer: Answer, exchange: Exchange) => Answer | Promise<Answer>,
): Partial<Behaviour> {
  return { finish: (answer, exchange) => (answer.outcome === outcome ? change(answer, exchange) : answer) };
}

/** Changes the answers that refuse for one reason. */
export function refusing(
  reason: Reason,
  change: (answer: Answer, exchange: Exchange) => Answer | Promise<Answer>,
): Partial<Behaviour> {
  return answering('refused', (answer, exchange) => (answer.reason === reason ? change(answer, exchange) : answer));
}

/** Changes the status, code or message of one refusal. */
export function refusal(reason: Reason, change: Partial<Refusal>): Partial<Behaviour> {
  return { refusals: { ...documented.refusals, [reason]: { ...documented.refusals[reason], ...change } } };
}

/** Changes the JSON of a transferred call. */
export function showing(change: (call: Members, exchange: Exchange) => unknown): Partial<Behaviour> {
  return {
    showTransferred: (call, exchange) => change(documented.showTransferred(call, exchange) as Members, exchange),
  };
}

/** Changes the JSON of a call that is read. */
export function reading(change: (call: Members, exchange: Exchange) => unknown): Partial<Behaviour> {
  return { showDetails: (call, exchange) => change(documented.showDetails(call, exchange) as Members, exchange) };
}

/** Accepts more values of a parameter than are documented. */
export function accepting(
  parameter: Parameter,
  also: (value: unknown, exchange: Exchange) => boolean,
): Partial<Behaviour> {
  const accepts = documented.accepts[parameter];
  const wider = (value: unknown, exchange: Exchange) => accepts(value, exchange) || also(value, exchange);
  return { accepts: { ...documented.accepts, [parameter]: wider } };
}

/** Accepts fewer values of a parameter than are documented. */
export function rejecting(
  parameter: Parameter,
  without: (value: unknown, exchange: Exchange) => boolean,
): Partial<Behaviour> {
  const accepts = documented.accepts[parameter];
  const narrower = (value: unknown, exchange: Exchange) => accepts(value, exchange) && !without(value, exchange);
  return { accepts: { ...documented.accepts, [parameter]: narrower } };
}

/** An error response as the documentation shapes it. */
export function errorAnswer(status: number, code: string): Answer {
  const body = JSON.stringify({ error: { code, message: 'The request failed.' } });
  const challenge = status === 401 && { 'www-authenticate': 'Bearer' };
  return { outcome: 'refused', status, headers: { 'content-type': 'application/json', ...challenge }, body };
}

/** Returns a predicate: a value is a text that matches a pattern. */
export function matching(pattern: RegExp): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && pattern.test(value);
}

const optionalOfViews = {
  disposition: 0,
  ringing: '2012-06-27T16:08:51+03:00',
  recording: '2012-06-27T16:08:56+03:00',
  onHold: '2012-06-27T16:08:57+03:00',
  parked: '2012-06-27T16:08:58+03:00',
  parkedPos: 501,
  parkedBy: '0003*210',
  holder: '0003*024',
};

/** Adds to a view of a call every documented member that it lacks. */
export function completeView(view: Members): Members {
  return { ...optionalOfViews, ...view };
}

/** Removes a member of an object. */
export function without(members: Members, name: string): Members {
  return Object.fromEntries(Object.entries(members).filter(([member]) => member !== name));
}

/** Tells whether a number is not on the calls of a request. */
export function isOfNobody(value: unknown, { calls = [] }: Exchange): boolean {
  return isPhoneNumber(value) && !calls.some((call) => [...call.source, ...call.destination].includes(String(value)));
}

/** Waits, without keeping the process alive. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}

import type { Answer, Exchange } from '../plain/behaviour.ts';
import { answering, type Members } from '../plain/variations.ts';
import type { Rewriting } from './start.ts';

/** Changes the JSON of the answers of one outcome, where they have any. */
export function rewritingJson(
  outcome: Answer['outcome'],
  change: (value: Members, answer: Answer, exchange: Exchange) => unknown,
): Rewriting {
  return answering(outcome, (answer, exchange) => {
    if (answer.body.length === 0) return answer;
    const changed = change(JSON.parse(String(answer.body)) as Members, answer, exchange);
    return { ...answer, body: JSON.stringify(changed) };
  });
}

/** Changes the refusals that carry a code. */
export function rewritingCode(code: string, change: (answer: Answer) => Answer): Rewriting {
  return answering('refused', (answer) => (codeOf(answer) === code ? change(answer) : answer));
}

/** The code of a refusal. */
export function codeOf({ body }: Answer): string {
  const { error } = JSON.parse(String(body)) as { error: { code: string } };
  return error.code;
}

const members = {
  ownerId: '3',
  ownerName: 'Default Organization',
  published: '2012-06-27T16:08:50+02:00',
  answered: '2012-06-27T16:08:55+03:00',
  nonce: '7f1a',
};

const membersOfViews = {
  disposition: 0,
  ringing: '2012-06-27T16:08:51+03:00',
  recording: '2012-06-27T16:08:56+03:00',
  onHold: '2012-06-27T16:08:57+03:00',
  parked: '2012-06-27T16:08:58+03:00',
  parkedPos: 501,
  parkedBy: '0003*210',
  holder: '0003*024',
};

/** Adds every optional member to the calls of an answer. */
export function withEveryMember(answer: Answer): Answer {
  if (answer.outcome === 'refused' || answer.body.length === 0) return answer;
  const value = JSON.parse(String(answer.body)) as Members & { entry?: readonly Members[] };
  const completed =
    value.entry === undefined ? completeCall(value) : { ...value, entry: value.entry.map(completeCall) };
  return { ...answer, body: JSON.stringify(completed) };
}

function completeCall(call: Members): Members {
  const views = call['phoneCallView'] as readonly Members[] | undefined;
  const phoneCallView = views?.map((view) => ({ ...membersOfViews, ...view }));
  return { ...members, ...call, ...(phoneCallView && { phoneCallView }), links: call['link'] };
}

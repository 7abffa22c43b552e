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

import { z } from 'zod';
import { count, exchangeSchema, milliseconds, texts } from '../target/exchange-schema.ts';
import type { Frozen } from '../target/exchange.ts';

export const id = z.string().min(1).describe('The id of a case or a requirement: names with slashes between them.');
export const positive = z.int().positive();

export const caseVerdict = z.enum(['pass', 'fail', 'warn', 'unreached', 'error', 'not applicable']).meta({
  id: 'caseVerdict',
  description:
    'The verdict on a case. warn: only recommendations are broken; error: the suite itself failed; not applicable: none of its checks applied.',
});

export const violation = z
  .strictObject({
    at: z
      .string()
      .describe('status, header NAME, message, body, a JSON pointer into the body, or a call as it was read.'),
    expected: z.string(),
    actual: z.string(),
    exchange: count.optional().describe("The place of the exchange in the case's list; the first, if left out."),
  })
  .meta({ id: 'violation', description: 'One difference between an answer and the contract.' });

const check = z
  .strictObject({
    check: z.string().describe('The name of the check.'),
    requirement: id,
    looksAt: z.literal('calls').optional().describe('It looks at the state of calls; at the answer, if left out.'),
    outcome: z.enum(['met', 'violated', 'not applicable']),
    violations: z.array(violation),
    left: positive
      .optional()
      .describe('The number of violations that are left out, if there are more than 20 of an answer.'),
  })
  .meta({ id: 'check', description: 'The outcome of one check of a case.' });

/** The result of a case, with what was sent and received. */
export const caseSchema = z
  .strictObject({
    id,
    requirement: id,
    title: z.string(),
    verdict: caseVerdict,
    reason: z.string().optional().describe('Why the case is unreached, not applicable or an error of the suite.'),
    cutShort: z.literal(true).optional().describe('The run ended before the case did, so that it shows nothing.'),
    control: id.optional().describe('The case that must have been accepted for this one to prove anything.'),
    answers: texts.describe('The answer to each request: its status, and its error code.'),
    accepted: z.boolean().describe('Whether every request was answered with a success.'),
    checks: z.array(check),
    exchanges: z.array(exchangeSchema),
    fuzz: z
      .strictObject({
        seed: z.int(),
        tried: count.describe('The number of values that were tried until one failed.'),
        steps: count.describe('The number of times that the failing value was made smaller.'),
      })
      .optional()
      .describe('How values were generated; the exchanges are then those of the smallest value that failed.'),
    duration: milliseconds,
  })
  .meta({ id: 'case', description: 'A case with its verdict and all that was sent and received.' });

/** The wrong answers that a run would have found, and those that it would not. */
export const selfCheckSchema = z.strictObject({
  tried: z
    .array(
      z.strictObject({
        id: z.string(),
        says: z.string(),
        exchanges: count.describe('The number of exchanges that it changed.'),
        caughtBy: z.array(id).describe('The requirements that would then have been found broken.'),
        warnsOnly: z.boolean(),
        reason: z.string().optional().describe('Why nothing was found, and what would reach it.'),
      }),
    )
    .describe('The wrong answers that were tried on exchanges of the run.'),
  notApplicable: z
    .array(z.strictObject({ id: z.string(), needs: z.string() }))
    .describe('The wrong answers that fit no exchange of the run, with what each needs.'),
});

/** The result of a case, with what was sent and received. Serialisable, and free of secrets. */
export type CaseResult = Frozen<z.infer<typeof caseSchema>>;
export type CaseVerdict = CaseResult['verdict'];
export type CheckResult = CaseResult['checks'][number];
/** The wrong answers that a run would have found, and those that it would not. Serialisable. */
export type SelfCheck = Frozen<z.infer<typeof selfCheckSchema>>;

/** Returns the remark on a run that ended early, if it did: why, and how many cases it left unfinished. */
export function unfinishedRemarks(results: readonly Pick<CaseResult, 'cutShort' | 'reason'>[]): string[] {
  const unfinished = results.filter(({ cutShort }) => cutShort === true);
  if (unfinished[0] === undefined) return [];
  return [`${unfinished[0].reason}, and cases left unfinished: ${unfinished.length}`];
}

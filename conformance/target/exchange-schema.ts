import { z } from 'zod';

export const count = z.int().nonnegative();
export const milliseconds = z.number().nonnegative().describe('In milliseconds.');
export const texts = z.array(z.string());

const headers = z
  .record(z.string(), z.string())
  .describe('Header fields by lower-cased name; repeated fields of an answer are joined by a comma.');

const reading = z
  .strictObject({
    outcome: z
      .enum(['read', 'unknown', 'unsupported', 'failed', 'unanswered'])
      .describe(
        'unsupported: the target offers no way to read calls; failed: it offers one that does not work; unanswered: there was no time left to read, or the target never answers.',
      ),
    sources: texts.describe('The numbers that the call shows as sources, in order.'),
    destinations: texts.describe('The numbers that the call shows as destinations, in order.'),
    isOnHold: z.literal(true).optional().describe('It shows that it is on hold.'),
    description: z.string().describe('A short description of what was received.'),
  })
  .meta({ id: 'reading', description: 'The state of a call when it was read.' });

const readings = z.strictObject({
  before: reading,
  after: reading,
  sentTo: texts.describe('The numbers that successful transfers of the case sent the call to.'),
});

/** An exchange as a report has it. */
export const exchangeSchema = z
  .strictObject({
    request: z.strictObject({
      method: z.string(),
      path: z.string().describe("Percent-encoded, with the target's own path before it."),
      headers,
      body: z.string().optional(),
    }),
    response: z
      .strictObject({
        status: z.int(),
        headers,
        body: z
          .strictObject({
            length: count.describe('After content decoding, in bytes.'),
            text: z.string(),
            problem: z.string().optional().describe('Why the body is not JSON.'),
          })
          .describe('The body of an answer.'),
        duration: milliseconds.describe('From sending the request to the end of the body, in milliseconds.'),
      })
      .optional(),
    failure: z
      .strictObject({
        kind: z.enum(['connection', 'closed', 'time-out', 'malformed', 'too large', 'encoding']),
        message: z.string(),
      })
      .optional()
      .describe('Why there is no complete response.'),
    readings: readings
      .extend({
        rivals: z
          .strictObject({ again: z.string(), successes: count })
          .optional()
          .describe(
            'Of transfers at once, where only one can succeed: the answer to the second of two in a row, and the successes.',
          ),
        others: z
          .array(readings.extend({ extension: z.string(), call: z.string() }))
          .describe("The fixture's other calls."),
      })
      .optional()
      .describe('The state of the calls before and after, as far as the target lets it be read.'),
  })
  .meta({ not: { required: ['response', 'failure'] } })
  .meta({ id: 'exchange', description: 'A request with its response or its failure, never both.' });

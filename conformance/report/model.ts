import { z } from 'zod';
import { settingsSchema } from '../cli/options.ts';
import { caseSchema, caseVerdict, id, positive, selfCheckSchema, violation } from '../run/result.ts';
import { count, milliseconds, texts } from '../target/exchange-schema.ts';
import type { Frozen } from '../target/exchange.ts';

/** The version of the report's form. It grows by one when a member is removed or changes its meaning. */
export const reportVersion = 3;

/** The `$id` of the report's JSON Schema, which is generated/report.schema.json. */
export const reportSchemaId = `urn:transfer-contract:report:${reportVersion}` as const;

/** The outcomes of a requirement, in the order in which totals name them. */
export const requirementOutcomes = [
  'met',
  'violated',
  'warned',
  'known',
  'unreached',
  'not applicable',
  'excluded',
] as const;

const day = z.iso.date().describe('The last day on which a known failure may fail.');

const requirementOutcome = z.enum(requirementOutcomes).meta({
  id: 'requirementOutcome',
  description:
    'The outcome of a requirement. known: the list of known failures covers everything that breaks it; excluded: no request can prove it.',
});

const contract = z
  .strictObject({
    title: z.string(),
    version: z.string(),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .describe("The hash of the bundled document's bytes."),
    source: z.string().describe('The path of its source, from the root of the repository.'),
    url: z
      .string()
      .regex(/^https?:\/\//)
      .optional()
      .describe('The address of its source at the revision of the tool, if the repository is known.'),
  })
  .meta({ id: 'contract', description: 'The contract by which the target was judged.' });

const settings = settingsSchema.meta({
  id: 'settings',
  description: 'The options of the run as the command line has them, without secrets.',
});

const knownFailure = z.strictObject({
  id,
  reason: z.string().describe('Why it may fail for now.'),
  until: day.optional(),
});

const finding = z
  .strictObject({
    outcome: z.enum(['violated', 'warned', 'known']),
    requirements: z.array(id).min(1),
    differences: z
      .array(
        z
          .strictObject({
            cases: z.array(id).min(1),
            example: z
              .strictObject({
                case: id,
                requirement: id.describe('The requirement that its answer breaks.'),
                exchange: count.describe("The place of the exchange in the case's list."),
                violations: z.array(violation).min(1),
              })
              .describe('The control of other cases, or else the case with the shortest request.'),
          })
          .describe('Cases whose answers differ alike from what was expected.'),
      )
      .min(1)
      .describe('How answers differ from what was expected, the most frequent difference first.'),
    known: knownFailure.optional().describe('The known failure that covers it.'),
  })
  .meta({
    id: 'finding',
    description:
      'A cause of violations: one requirement with its cases, or several requirements whose answers differ alike from what was expected.',
  });

const known = z
  .strictObject({
    file: z.string(),
    failures: z.array(
      knownFailure.extend({
        line: positive,
        lastLine: positive,
        state: z
          .enum(['known', 'passes', 'expired', 'unmatched', 'excluded', 'unreached'])
          .describe(
            'known: it fails, as the list says; unreached: the run cannot say; any other: it has to be deleted from the list.',
          ),
      }),
    ),
  })
  .meta({ id: 'known', description: 'The list of known failures with the state of each, if a list was given.' });

const requirement = z
  .strictObject({
    id,
    level: z.enum(['MUST', 'SHOULD']),
    profile: z.string(),
    says: z.string().describe('The sentence.'),
    source: z.string().describe('The section of the page, of the field notes or of an RFC that demands it.'),
    at: z.string().describe('A JSON pointer to the place in the contract that it is about.'),
    line: positive.optional().describe("The line of the contract's source that it is about."),
    keywords: texts.optional().describe('The schema keywords of that place whose breaking it is about; * for all.'),
    excluded: z.string().optional().describe('Why no case can prove it.'),
    outcome: requirementOutcome,
    reason: z.string().optional().describe('Why it is unreached, not applicable, excluded or known to be broken.'),
    cases: z.array(id).describe('The cases that prove it.'),
  })
  .meta({ id: 'requirement', description: 'A sentence that a server must or should honour, with its outcome.' });

const coverageItem = z
  .strictObject({
    kind: z.enum(['status', 'code', 'parameter', 'property', 'media type', 'constraint']),
    of: z
      .string()
      .describe('Its owner: an operation, an operation with a status, a schema, a parameter or a property.'),
    name: z.string(),
    at: z.string().describe('A JSON pointer to it in the contract.'),
    outcome: z.enum(['met', 'violated', 'unreached']).describe('met: every exchange that reached it kept to it.'),
    exchanges: count.describe('The number of exchanges that reached it.'),
  })
  .meta({ id: 'coverageItem', description: 'A part of the contract, with what the run showed of it.' });

const selfCheck = z
  .strictObject({
    totals: z.strictObject({
      tried: count,
      caught: count,
      warned: count.describe('Those of them that break recommendations only.'),
      notApplicable: count,
      share: z.number().min(0).max(1).optional().describe('Of those that were tried; left out if none was.'),
    }),
    ...selfCheckSchema.shape,
  })
  .meta({
    id: 'selfCheck',
    description: 'The wrong answers that the run would have caught, if --self-check asked for them.',
  });

const report = z
  .strictObject({
    $schema: z.literal(reportSchemaId).describe('The $id of the schema of this form.'),
    version: z.literal(reportVersion).describe('The version of this form.'),
    verdict: z
      .enum(['conforming', 'not conforming', 'nothing verified', 'incomplete'])
      .describe('The verdict on the target.'),
    exitCode: z
      .literal([0, 1, 2, 3])
      .describe('That of the verdict, in its order 0, 1, 2, 3; 1 too if the list of known failures is out of date.'),
    tool: z.strictObject({ name: z.string(), version: z.string() }).describe('The tool that made the report.'),
    contract,
    target: z
      .strictObject({
        name: z.string().describe('Its URL, or that it is the mock.'),
        origin: z.string().describe('The part of its URL that stands before the path of every request.'),
      })
      .describe('The server that was checked.'),
    settings,
    startedAt: z.iso.datetime().describe('The beginning of the run, in UTC.'),
    duration: milliseconds,
    remarks: texts.describe('Remarks about the run rather than the target, such as calls that could not be ended.'),
    fuzz: z
      .strictObject({
        seed: z.int().describe('The seed that makes the same values again.'),
        values: count.describe('The number of values that were tried.'),
      })
      .optional()
      .describe('The generated values, if there were any.'),
    selfCheck: selfCheck.optional(),
    totals: z
      .strictObject({
        requirements: z.partialRecord(requirementOutcome, count),
        cases: z.partialRecord(caseVerdict, count),
      })
      .describe('The number of each outcome; outcomes that do not occur are left out.'),
    findings: z.array(finding).describe('The causes of violations, each once, the most important first.'),
    known: known.optional(),
    requirements: z
      .array(requirement)
      .describe("The requirements of the run's profiles, in the order of the register."),
    coverage: z.array(coverageItem).describe('The parts of the contract, with what the run showed of each.'),
    cases: z.array(caseSchema).describe('The cases of the run, with all that was sent and received.'),
  })
  .meta({
    $id: reportSchemaId,
    title: 'Report of a conformance run',
    description:
      'The form of report.json: everything that is known of a run. It is free of secrets: tokens are shown as $CONFORMANCE_TOKEN. The version grows by one when a member is removed or changes its meaning; new members may be added without.',
  });

/** Everything that is known of a run. All formats are made from it, and report.json is it. Free of secrets. */
export type Report = Frozen<z.infer<typeof report>>;
export type Verdict = Report['verdict'];
export type RequirementOutcome = (typeof requirementOutcomes)[number];
export type ReportRequirement = Report['requirements'][number];
/** A case of a run, as run/result.ts has it or as a report.json has it. */
export type CaseResult = Report['cases'][number];
export type CaseVerdict = CaseResult['verdict'];
export type CheckResult = CaseResult['checks'][number];
export type CaseViolation = CheckResult['violations'][number];
export type Exchange = CaseResult['exchanges'][number];
export type SentRequest = Exchange['request'];
export type ReceivedResponse = NonNullable<Exchange['response']>;
export type CallReading = NonNullable<Exchange['readings']>['before'];
export type Finding = Report['findings'][number];
export type Difference = Finding['differences'][number];
export type CoverageItem = Report['coverage'][number];
export type SelfCheck = NonNullable<Report['selfCheck']>;
export type KnownResults = NonNullable<Report['known']>;
export type KnownResult = KnownResults['failures'][number];

/** Returns the JSON Schema of report.json, which `npm run generate` writes to generated/report.schema.json. */
export function reportJsonSchema(): object {
  return z.toJSONSchema(report, {
    override: ({ jsonSchema }) => {
      // The limits of JavaScript's integers and the patterns of formats tell readers of the schema nothing.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
}

/** Returns a line that says where a value differs from a report of this version, or undefined if it is one. */
export function findReportProblem(value: unknown): string | undefined {
  const { error } = report.safeParse(value);
  const [issue] = error?.issues ?? [];
  if (issue === undefined) return undefined;
  const place = issue.path.length === 0 ? 'it' : `/${issue.path.join('/')}`;
  return `${place}: ${issue.message.replace(/^Invalid (?:input|option): /, '')}`;
}

import { expect, test } from 'vitest';
import { annotateReport } from './github.ts';
import { sampleCase, sampleReport, sampleRequirement } from '../testing/samples.ts';

const known = [{ id: 'body/number', reason: 'issue 12' }];
const should = { ...sampleRequirement, level: 'SHOULD' } as const;
const place = 'file=spec/openapi.yaml,line=17';

test.each<[what: string, report: Parameters<typeof sampleReport>, annotations: (string | RegExp)[]]>([
  [
    'at the line of the contract that says what is broken',
    [[sampleCase('fail')]],
    [
      `::error ${place},title=body/number (MUST)::A number is a number.%0Aexpected status: 400%0Aactual status: 200%0A1 case: body/number/fail`,
    ],
  ],
  [
    'for all cases of a finding',
    [['a', 'b', 'c', 'd'].map((id) => sampleCase('fail', { id }))],
    [/%0A4 cases: a, b, c, …$/],
  ],
  ['as a warning where a recommendation is broken', [[sampleCase('warn')], [should]], [/^::warning file=/]],
  ['nowhere for a known failure', [[sampleCase('fail')], undefined, known], []],
  [
    'at the line of the list that is to be deleted',
    [[sampleCase('pass')], undefined, known],
    ['::error file=known.yaml,line=1,title=Known failures::known.yaml:1: body/number passes now: delete this line'],
  ],
  [
    'for an error of the suite, without a sign that ends its properties',
    [[sampleCase('error', { id: 'a,line=1::b%', reason: 'unsound' })]],
    ['::error title=Error of the suite in a%2Cline=1%3A%3Ab%25::unsound'],
  ],
  ...[
    ['100 %', '100 %25'],
    ['a\nb\r\nc', 'a\\nb\\r\\nc'],
    ['\n::error::injected', '\\n::error::injected'],
    ['x::y,z', 'x::y,z'],
  ].map(([came = '', told = '']): [string, Parameters<typeof sampleReport>, RegExp[]] => [
    `with ${JSON.stringify(came)} in its text and nowhere else`,
    [[sampleCase('fail', {}, came)]],
    [
      new RegExp(
        `^::error ${place},title=body/number \\(MUST\\)::[^\\n]*%0Aactual status: ${RegExp.escape(told)}%0A[^\\n]*$`,
      ),
    ],
  ]),
])('an annotation stands %s', (_, report, annotations) => {
  const lines = annotateReport(sampleReport(...report), true, {});
  expect(lines).toHaveLength(annotations.length);
  for (const [index, annotation] of annotations.entries()) expect(lines[index]).toMatch(annotation);
});

test('there are at most ten of a kind, and the last says how many are left out', () => {
  const requirements = Array.from({ length: 14 }, (_, index) => ({ ...sampleRequirement, id: `body/${index}` }));
  const cases = requirements.map(({ id }, index) =>
    sampleCase('fail', { id: `${id}/case`, requirement: id }, `${200 + index}`),
  );
  const lines = annotateReport(sampleReport(cases, requirements), true, {});
  expect(lines).toHaveLength(10);
  expect(lines.at(-1)).toMatch(/^::error title=5 more findings::GitHub shows 10 of a kind/);
});

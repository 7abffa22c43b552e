import { describe, expect, test } from 'vitest';
import { annotateReport } from './github.ts';
import { sampleCase, sampleReport, sampleRequirement } from '../testing/samples.ts';

const annotated = (...report: Parameters<typeof sampleReport>) => annotateReport(sampleReport(...report), true, {});

describe('an annotation', () => {
  test('stands at the line of the contract that says what is broken', () => {
    expect(annotated([sampleCase('fail')])).toEqual([
      '::error file=spec/openapi.yaml,line=17,title=body/number (MUST)::' +
        'A number is a number.%0Aexpected status: 400%0Aactual status: 200%0A1 case: body/number/fail',
    ]);
  });

  test('stands for all cases of a finding', () => {
    const cases = ['a', 'b', 'c', 'd'].map((id) => sampleCase('fail', { id }));
    expect(annotated(cases)).toEqual([expect.stringMatching(/%0A4 cases: a, b, c, …$/)]);
  });

  test('is a warning where a recommendation is broken', () => {
    const should = { ...sampleRequirement, level: 'SHOULD' } as const;
    expect(annotated([sampleCase('warn')], [should])).toEqual([expect.stringMatching(/^::warning file=/)]);
  });

  test('is none where the failure is known', () => {
    const known = [{ id: 'body/number', reason: 'issue 12' }];
    expect(annotated([sampleCase('fail')], [sampleRequirement], known)).toEqual([]);
  });

  test('stands at the line of the list that is to be deleted', () => {
    const known = [{ id: 'body/number', reason: 'issue 12' }];
    expect(annotated([sampleCase('pass')], [sampleRequirement], known)).toEqual([
      '::error file=known.yaml,line=1,title=Known failures::known.yaml:1: body/number passes now: delete this line',
    ]);
  });

  test('tells an error of the suite', () => {
    expect(annotated([sampleCase('error', { reason: 'unsound' })])).toEqual([
      '::error title=Error of the suite in body/number/error::unsound',
    ]);
  });

  test.each([
    ['100 %', '100 %25'],
    ['a\nb\r\nc', 'a\\nb\\r\\nc'],
    ['\n::error::injected', '\\n::error::injected'],
    ['x::y,z', 'x::y,z'],
  ])('has what came in its text and nowhere else: %j', (came, told) => {
    const lines = annotated([sampleCase('fail', {}, came)]);
    expect(lines.join('\n').split('\n')).toHaveLength(1);
    expect(lines[0]).toContain(`%0Aactual status: ${told}%0A`);
  });

  test('has no sign in its properties that ends them', () => {
    const [line = ''] = annotated([sampleCase('error', { id: 'a,line=1::b%', reason: 'unsound' })]);
    expect(line).toBe('::error title=Error of the suite in a%2Cline=1%3A%3Ab%25::unsound');
  });
});

test('there are at most ten of a kind, and the last says how many are left out', () => {
  const requirements = Array.from({ length: 14 }, (_, index) => ({ ...sampleRequirement, id: `body/${index}` }));
  const cases = requirements.map(({ id }, index) => {
    return sampleCase('fail', { id: `${id}/case`, requirement: id }, String(200 + index));
  });
  const lines = annotated(cases, requirements);
  expect(lines).toHaveLength(10);
  expect(lines.at(-1)).toMatch(/^::error title=5 more findings::GitHub shows 10 of a kind/);
});

import { beforeAll, describe, expect, test } from 'vitest';
import type { Case } from '../cases/case.ts';
import { wrongAnswers } from '../self-check/catalogue.ts';
import { faults } from '../../scripts/lab/faults/catalogue.ts';
import type { Exchange } from '../target/exchange.ts';
import type { Fixture } from '../call/fixture.ts';
import type { SelfCheck } from './result.ts';
import { checkAgainstWrongAnswers, type RecordedCase } from './self-check.ts';
import { examineTarget, fixture, suite, targetAt } from './testing/examine.ts';
import { startPlainServer } from '../../scripts/lab/servers/plain/start.ts';
import { closeAfterTest, servePlain } from '../testing/servers.ts';

const catalogue = wrongAnswers(suite.contract);

/** Runs the suite against a server, and returns what it takes to try wrong answers. */
async function record(url: string, named: Fixture, only: readonly string[] = []) {
  const recorded: RecordedCase[] = [];
  const observe = (testCase: Case, exchanges: readonly Exchange[]) => recorded.push({ testCase, exchanges });
  const { selected, results } = await examineTarget(targetAt(url, { fixture: named }), { observe, only });
  return { selected, recorded, results };
}

type Recording = Awaited<ReturnType<typeof record>>;

function checkOf({ selected, recorded }: Recording): SelfCheck {
  return checkAgainstWrongAnswers(suite, selected, recorded, catalogue);
}

let everything: Recording;
let complete: SelfCheck;
beforeAll(async () => {
  const server = await startPlainServer();
  everything = await record(server.url, fixture).finally(server.close);
  complete = checkOf(everything);
}, 120_000);

test('a run that reaches everything catches every wrong answer', () => {
  expect(complete.tried.filter(({ caughtBy }) => caughtBy.length === 0)).toEqual([]);
  expect(complete.tried.length).toBeGreaterThanOrEqual(400);
  expect(complete.tried.length + complete.notApplicable.length).toBe(catalogue.length);
});

// The proof holds every wrong response against what a self-check expects of it.
test('a run finds the effects that it would have found', async () => {
  const server = closeAfterTest(await findFault('effects/none').start());
  const { results } = await record(server.url, fixture);
  const violated = results.flatMap(({ checks }) => checks.filter(({ outcome }) => outcome === 'violated'));
  const requirements = [...new Set(violated.map(({ requirement }) => requirement))].sort();
  expect(complete.tried.find(({ id }) => id === 'effects/nothing-moves-any')?.caughtBy).toEqual(requirements);
});

function findFault(id: string): (typeof faults)[number] {
  const fault = faults.find((candidate) => candidate.id === id);
  if (fault === undefined) throw new Error(`There is no faulty server ${id}: name another one.`);
  return fault;
}

describe('a run that reaches less', () => {
  test('with one number only sees less of what moves, and says what that takes', async () => {
    const server = await servePlain();
    const { tried } = checkOf(await record(server.url, { ...fixture, sendTo: fixture.sendTo.slice(0, 1) }));
    expect(tried.find(({ id }) => id === 'effects/nothing-moves-any')?.caughtBy).toContain('effects/call-moves');
    expect(tried.find(({ id }) => id === 'effects/nothing-moves-userId-me')).toMatchObject({
      caughtBy: [],
      reason: expect.stringContaining('several numbers in --send-to'),
    });
  });

  test('with some cases only tries less', async () => {
    const server = await servePlain();
    const some = checkOf(await record(server.url, fixture, ['transfer/plain', 'body/sendCallTo/*']));
    expect(some.tried.length).toBeLessThan(complete.tried.length / 2);
    expect(some.notApplicable.map(({ id }) => id)).toContain('accepts-userId/malformed');
  });

  test('counts no refusals if their control was not accepted, and says so', async () => {
    const server = await servePlain();
    const { tried } = checkOf(await record(server.url, { ...fixture, call: 'c0ffee' }));
    expect(tried.find(({ id }) => id === 'refusal/flat')).toMatchObject({
      caughtBy: [],
      reason: expect.stringContaining('name a call that is live'),
    });
  });

  test('does not count what it finds without a wrong answer too, and says so', async () => {
    const server = closeAfterTest(await findFault('unauthorized/message-missing').start());
    const { tried } = checkOf(await record(server.url, fixture));
    expect(tried.find(({ id }) => id === 'unauthorized/message-null')).toMatchObject({
      caughtBy: [],
      reason: expect.stringContaining('errors/body is broken without it too'),
    });
  });
});

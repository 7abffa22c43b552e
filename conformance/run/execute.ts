import type { Case, Feature } from '../cases/case.ts';
import { numberFeatures } from '../cases/scenarios/transfers.ts';
import type { Suite } from '../cases/suite.ts';
import type { Check } from '../checks/check.ts';
import { succeeded } from '../checks/success.ts';
import { codeOf } from '../contract/refusal.ts';
import type { Exchange } from '../target/exchange.ts';
import { fixtureFlags, type Fixture } from '../target/fixture.ts';
import { redacted } from '../target/secrets.ts';
import type { Target } from '../target/target.ts';
import type { CaseResult, CaseVerdict, CheckResult } from './result.ts';
import { Session, UnresponsiveTarget } from './session.ts';

/** Runs cases against a target and tells what became of each. */
export interface Run {
  /** Runs one case. Never throws. */
  execute(testCase: Case): Promise<CaseResult>;
  close(): Promise<void>;
}

/** Prepares a run. Nothing is sent before the first case whose needs are met. */
export function startRun(suite: Suite, target: Target): Run {
  const missing = missingOf(target);
  const levels = new Map(suite.requirements.map(({ id, level }) => [id, level]));
  const session = missing.has('fixture') ? undefined : new Session(suite, target, target.fixture as Fixture);

  return {
    async execute(testCase) {
      const started = performance.now();
      const { id, requirement, title, control } = testCase;
      const base = { id, requirement, title, control, answers: [], accepted: false, checks: [], exchanges: [] };
      const ended = (verdict: CaseVerdict, reason?: string): CaseResult => {
        return { ...base, verdict, reason, duration: performance.now() - started };
      };
      const lacking = testCase.needs.flatMap((feature) => missing.get(feature) ?? []);
      if (session === undefined || lacking.length > 0) return ended('unreached', lacking[0]);
      try {
        const exchanges = await session.perform(testCase);
        const lost = exchanges.find(({ failure }) => failure?.kind === 'connection');
        if (lost !== undefined) return ended('unreached', `the target cannot be reached: ${lost.failure?.message}`);
        const checks = testCase.checks.map((check) => resultOf(check, exchanges));
        const verdict = verdictOf(checks, (violated) => levels.get(violated) === 'MUST');
        return {
          ...ended(verdict),
          answers: exchanges.map(answerOf),
          accepted: exchanges.every(succeeded),
          checks,
          exchanges: exchanges.map((exchange) => redacted(exchange, target.tokenNamed ? target.token : undefined)),
        };
      } catch (error) {
        const { message } = error as Error;
        return error instanceof UnresponsiveTarget ? ended('unreached', message) : ended('error', message);
      }
    },
    close: async () => session?.close(),
  };
}

/** The features that a target or its fixture lacks, and how to supply each. */
function missingOf({ fixture, loopback, tokenNamed }: Target): Map<Feature, string> {
  const flags = (Object.keys(fixtureFlags) as (keyof Fixture)[])
    .filter((name) => name !== 'otherCalls')
    .filter((name) => fixture[name] === undefined || fixture[name].length === 0)
    .map((name) => fixtureFlags[name]);
  const features = numberFeatures(fixture.sendTo ?? []);
  const reasons: Record<Feature, string | undefined> = {
    fixture:
      flags.length === 0 ? undefined : `the fixture lacks ${flags.join(', ')}: name a live call and where it may go`,
    'public number': features.includes('public number') ? undefined : `no ${fixtureFlags.sendTo} is a public number`,
    'extension number': features.includes('extension number')
      ? undefined
      : `no ${fixtureFlags.sendTo} is the number of an extension, like 0003*100`,
    'international number': features.includes('international number')
      ? undefined
      : `no ${fixtureFlags.sendTo} begins with a plus sign`,
    'named token': tokenNamed ? undefined : 'the target may take any token: name the right one with --token',
    'loopback target': loopback ? undefined : 'it is not sent to a live telephone system',
    'several calls':
      loopback && (fixture.otherCalls?.length ?? 0) > 0 ? undefined : 'it needs several calls that may be transferred',
    'call source': 'no source of calls is given',
  };
  return new Map(Object.entries(reasons).filter((entry): entry is [Feature, string] => entry[1] !== undefined));
}

/** What became of a check over all exchanges of a case. */
function resultOf(
  { name, requirement, applies = () => true, run }: Check,
  exchanges: readonly Exchange[],
): CheckResult {
  const subjects = exchanges.filter(applies);
  const violations = subjects.flatMap(run);
  const outcome = subjects.length === 0 ? 'not applicable' : violations.length === 0 ? 'met' : 'violated';
  return { check: name, requirement, outcome, violations };
}

function verdictOf(checks: readonly CheckResult[], isMust: (requirement: string) => boolean): CaseVerdict {
  const violated = checks.filter(({ outcome }) => outcome === 'violated');
  if (violated.length > 0) return violated.some(({ requirement }) => isMust(requirement)) ? 'fail' : 'warn';
  return checks.some(({ outcome }) => outcome === 'met') ? 'pass' : 'not applicable';
}

function answerOf({ response, failure }: Exchange): string {
  if (response === undefined) return failure?.kind ?? 'nothing';
  const code = codeOf(response.body.json?.value);
  return code === undefined ? String(response.status) : `${response.status} ${code}`;
}

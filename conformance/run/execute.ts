import type { Case } from '../cases/case.ts';
import type { FuzzCase } from '../cases/fuzz.ts';
import { refusalFor, type Suite } from '../cases/suite.ts';
import type { Check } from '../checks/check.ts';
import { succeeded } from '../checks/success.ts';
import { codeOf } from '../contract/refusal.ts';
import { CallSourceFailure, type CallSource } from '../target/call-source.ts';
import type { Exchange } from '../target/exchange.ts';
import { redacted } from '../target/secrets.ts';
import type { Target } from '../target/target.ts';
import { missingOf } from './features.ts';
import type { CaseResult, CaseVerdict, CheckResult } from './result.ts';
import { UnresponsiveTarget } from './sender.ts';
import { Session } from './session.ts';

/** Runs cases against a target and tells what became of each. */
export interface Run {
  /** Runs one case. Never throws. */
  execute(testCase: Case | FuzzCase): Promise<CaseResult>;
  close(): Promise<void>;
}

/** Prepares a run. Nothing is sent before the first case whose needs are met. */
export function startRun(suite: Suite, target: Target, source?: CallSource): Run {
  const missing = missingOf(target, source);
  const levels = new Map(suite.requirements.map(({ id, level }) => [id, level]));
  const session = missing.has('fixture') ? undefined : new Session(suite, target, source);
  const gone = goneAnswer(suite);

  const attempt = async (testCase: Case): Promise<CaseResult> => {
    const started = performance.now();
    const { id, requirement, title, control } = testCase;
    const base = { id, requirement, title, control, answers: [], accepted: false, checks: [], exchanges: [] };
    const ended = (verdict: CaseVerdict, reason?: string): CaseResult => {
      return { ...base, verdict, reason, duration: performance.now() - started };
    };
    const lacking = testCase.needs.flatMap((feature) => missing.get(feature) ?? []);
    if (session === undefined || lacking.length > 0) {
      return ended(isPointless(testCase, target) ? 'not applicable' : 'unreached', lacking[0]);
    }
    try {
      const exchanges = await session.perform(testCase);
      const lost = exchanges.find(({ failure }) => failure?.kind === 'connection');
      if (lost !== undefined) return ended('unreached', `the target cannot be reached: ${lost.failure?.message}`);
      if (isUsedUp(testCase, exchanges, gone, session.hasTransferred)) {
        return { ...ended('unreached', usedUp), answers: exchanges.map(answerOf) };
      }
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
      const isReason = error instanceof UnresponsiveTarget || error instanceof CallSourceFailure;
      return ended(isReason ? 'unreached' : 'error', message);
    }
  };

  return {
    async execute(testCase) {
      if (!('recipes' in testCase)) return attempt(testCase);
      // What generates values is not loaded by runs that need none.
      const { runFuzzCase } = await import('./fuzz.ts');
      return runFuzzCase(testCase, attempt);
    },
    close: async () => session?.close(),
  };
}

/** Whether a case has no object on a target: on this machine a server that is used for development may take any token. */
function isPointless({ needs }: Case, { loopback, tokenNamed }: Target): boolean {
  return needs.includes('named token') && loopback && !tokenNamed;
}

/** How the id of no existing call is answered. */
function goneAnswer(suite: Suite): string {
  const { statuses, code } = refusalFor(suite, 'phoneCallId');
  return `${statuses.join()} ${code}`;
}

const usedUp = 'the call is not live: place it, name a live one with --call, or give a source of calls with --calls';

/** Whether a valid transfer was refused since its call is gone, as telephone calls go. */
function isUsedUp({ effect, order }: Case, exchanges: readonly Exchange[], gone: string, hasTransferred: boolean) {
  const before = exchanges.at(-1)?.readings?.before.outcome;
  const cannotBeLive = before === 'unknown' || (before !== 'read' && hasTransferred);
  return effect === 'moves' && order === undefined && cannotBeLive && answerOf(exchanges[0]) === gone;
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

function answerOf(exchange: Exchange | undefined): string {
  const { response, failure } = exchange ?? {};
  if (response === undefined) return failure?.kind ?? 'nothing';
  const code = codeOf(response.body.json?.value);
  return code === undefined ? String(response.status) : `${response.status} ${code}`;
}

import type { Case, Feature } from '../cases/case.ts';
import type { FuzzCase } from '../cases/fuzz.ts';
import type { Suite } from '../cases/suite.ts';
import { findViolated, type Check } from '../checks/check.ts';
import { summarizeAnswer } from '../call/readings.ts';
import { CallSourceFailure, CutShort, type CallSource } from '../call/call-source.ts';
import { succeeded, type Exchange } from '../target/exchange.ts';
import { redacted, shortened, shownOf } from '../target/shown-exchange.ts';
import type { Target } from './target.ts';
import { TokenFailure } from '../target/authorization.ts';
import { explainPresumed, missingOf } from './features.ts';
import { runFuzzCase } from './fuzz.ts';
import type { CaseResult, CaseVerdict, CheckResult } from './result.ts';
import { UnavailableTarget, unreachable, UnresponsiveTarget } from './traffic.ts';
import { LivePresumption } from './call-reader.ts';
import type { Gone } from './performer.ts';
import { Session } from './session.ts';

/** The reason of a run that took longer than its time limit, in seconds. */
export const outOfTime = (maxDuration: number) => `the run was ended after ${maxDuration} s, its time limit`;

/** Runs cases against a target and tells what became of each. */
export interface Run {
  /** Runs one case. Never throws. */
  execute(testCase: Case | FuzzCase): Promise<CaseResult>;
  /** Ends the calls that were placed, and tells which could not be ended. */
  close(): Promise<readonly string[]>;
  /** A text without the secrets of the run. */
  hide(text: string): string;
}

/** Receives what was sent and received for each case that was run to its end, with all secrets in it. */
export type RunObserver = (testCase: Case, exchanges: readonly Exchange[]) => void;

/** The options of a run, apart from its suite and target. */
export interface RunOptions {
  readonly source?: CallSource | undefined;
  readonly observe?: RunObserver | undefined;
  /** Ends the run early: cases that are not finished are unreached. Its reason is a CutShort. */
  readonly signal?: AbortSignal | undefined;
}

/** Prepares a run. Nothing is sent before the first case whose needs are met. */
export function startRun(suite: Suite, target: Target, { source, observe, ...options }: RunOptions = {}): Run {
  const { readOnly = false } = target;
  const signal = cutShortAfter(target.maxDuration, options.signal);
  const missing = missingOf(target, source !== undefined);
  const levels = new Map(suite.requirements.map(({ id, level }) => [id, level]));
  const session = missing.has('fixture') ? undefined : new Session(suite, target, { source, signal });
  const hide = (text: string) => session?.hide(text) ?? text;

  // Where no transfer is sent, a refusal has none to be compared with.
  const bound = <Some extends Case | FuzzCase>(testCase: Some): Some => {
    const { control: _, ...unbound } = testCase;
    return readOnly ? (unbound as Some) : testCase;
  };

  const attempt = async (testCase: Case, keepsPassed = true): Promise<CaseResult> => {
    const started = performance.now();
    const { id, requirement, title, control } = bound(testCase);
    const base = { id, requirement, title, control, answers: [], accepted: false, checks: [], exchanges: [] };
    const ended = (verdict: CaseVerdict, reason?: string): CaseResult => {
      return { ...base, verdict, reason, duration: performance.now() - started };
    };
    if (readOnly && testCase.effect.startsWith('moves')) return ended('unreached', notSent);
    if (testCase.effect === 'moves all' && hasOtherCall(target)) return ended('unreached', wouldMove);
    const lacking = testCase.needs.flatMap((feature) => missing.get(feature) ?? []);
    if (session === undefined || lacking.length > 0) {
      const isPointless = pointless(target).some((feature) => testCase.needs.includes(feature) && missing.has(feature));
      return ended(isPointless ? 'not applicable' : 'unreached', lacking[0]);
    }
    try {
      signal?.throwIfAborted();
      const { exchanges, gone } = await session.perform(testCase, (sent) => {
        return findViolated(testCase.checks, sent).length > 0;
      });
      const lost = exchanges.find(({ failure }) => failure?.kind === 'connection');
      if (lost !== undefined) return ended('unreached', `${unreachable}: ${lost.failure?.message}`);
      const checks = testCase.checks.map((check) => resultOf(check, exchanges, hide));
      const verdict = verdictOf(checks, (violated) => levels.get(violated) === 'MUST');
      const answers = exchanges.map((exchange) => hide(summarizeAnswer(exchange)));
      const isBroken = verdict === 'fail' || verdict === 'warn';
      const isMoot = isBroken || (testCase.effect === 'moves' && !exchanges.some(succeeded));
      // A call that was transferred was live, though it may be an example that the user did not name.
      const isPresumed = isBroken && gone?.wasTransferred !== true;
      const reason =
        (isPresumed ? explainPresumed(suite, target, testCase, exchanges, session.hasShownCall) : undefined) ??
        (gone && isMoot ? explainGone(gone, source !== undefined) : undefined);
      if (reason !== undefined) return { ...ended('unreached', hide(reason)), answers };
      const pointless = isBroken ? exchanges.map((each) => testCase.explainPointless?.(each)).find(Boolean) : undefined;
      if (pointless !== undefined) {
        const left = checks.map((check) => ({ ...check, outcome: 'not applicable' as const, violations: [] }));
        return { ...ended('not applicable', hide(pointless)), answers, checks: left };
      }
      observe?.(testCase, exchanges);
      return {
        ...ended(verdict),
        answers,
        accepted: exchanges.every(succeeded),
        checks,
        exchanges: verdict === 'pass' && !keepsPassed ? [] : exchanges.map((exchange) => redacted(exchange, hide)),
      };
    } catch (error) {
      if (signal?.aborted === true) {
        return { ...ended('unreached', hide((signal.reason as Error).message)), cutShort: true };
      }
      const { message } = error as Error;
      return ended(reasons.some((kind) => error instanceof kind) ? 'unreached' : 'error', hide(message));
    }
  };

  return {
    async execute(testCase) {
      if (!('recipes' in testCase)) return attempt(testCase);
      // Generated values are many, and those that pass tell nothing more.
      return runFuzzCase(bound(testCase), (value) => attempt(value, false));
    },
    close: async () => {
      const remarks = (await session?.close())?.map(hide) ?? [];
      return readOnly ? [provesLess, ...remarks] : remarks;
    },
    hide,
  };
}

/**
 * Lists the features without which a case has no object on a target. On this machine a server that is used for
 * development may take any token.
 */
function pointless({ loopback }: Target): Feature[] {
  return [
    'other contract',
    'other extension',
    'foreign call',
    'other token',
    ...(loopback ? (['named token'] as const) : []),
  ];
}

/** Aborts when another signal does, or when a run took too long; its limit is in seconds. */
function cutShortAfter(maxDuration: number | undefined, other: AbortSignal | undefined): AbortSignal | undefined {
  if (maxDuration === undefined) return other;
  const controller = new AbortController();
  const end = () => controller.abort(new CutShort(outOfTime(maxDuration)));
  setTimeout(end, maxDuration * 1000).unref();
  return AbortSignal.any(other === undefined ? [controller.signal] : [controller.signal, other]);
}

/** The failures that are no fault of the suite. */
const reasons = [UnresponsiveTarget, UnavailableTarget, CallSourceFailure, TokenFailure, LivePresumption];

const notSent = 'it needs a transfer, and --read-only sends none';

const wouldMove = 'it would transfer a call of --other-call, which is of the same extension';

/** Tells whether a transfer of all calls of the extension would move one that must stay. */
function hasOtherCall({ fixture: { extension, otherCalls = [] } }: Target): boolean {
  return otherCalls.some((other) => [extension, '@self'].includes(other.extension));
}

const provesLess =
  '--read-only sent no transfer that must be accepted: a server that refuses everything passes its refusals';

/** Says why a call cannot be transferred, from the last answer to it, and what helps. */
function explainGone({ answer, strangeParty, wasTransferred, asked }: Gone, hasSource: boolean): string {
  if (strangeParty !== undefined)
    return `an invalid transfer that was accepted left the call at ${JSON.stringify(strangeParty)}, which no transfer can name (${answer}): mend that first`;
  if (hasSource) return `the call is not live any more: it ended by itself, or a transfer used it up (${answer})`;
  if (asked !== undefined) {
    const isSeen = asked.isSeen === undefined ? '' : `, which the call ${asked.isSeen ? 'shows' : 'does not show'},`;
    return `the target refuses to transfer the call any more: asked to let ${asked.from}${isSeen} send it to ${asked.to}, it answered ${answer}; if a call can be transferred once only, give a source of calls with --calls`;
  }
  return wasTransferred
    ? `a transfer used the call up: ${answer}; give a source of calls with --calls`
    : `the call is not live: ${answer}; place it, name a live one with --call, or give a source of calls with --calls`;
}

/** The most violations that are kept of an answer for each check, and the longest text in them, in characters. */
const mostViolations = 20;
const longestMessage = 1024;

function resultOf(
  { name, requirement, looksAt, applies = () => true, run }: Check,
  exchanges: readonly Exchange[],
  hide: (text: string) => string,
): CheckResult {
  const found = exchanges.map((subject) => (applies(subject) ? run(subject) : []));
  const shown = (text: string) => shortened(shownOf(text, hide), longestMessage);
  const violations = found.flatMap((all, exchange) =>
    all.slice(0, mostViolations).map(({ at, expected, actual }) => {
      return { at: shown(at), expected: shown(expected), actual: shown(actual), exchange };
    }),
  );
  const left = found.reduce((sum, { length }) => sum + Math.max(0, length - mostViolations), 0);
  const outcome = !exchanges.some(applies) ? 'not applicable' : violations.length === 0 ? 'met' : 'violated';
  return { check: name, requirement, looksAt, outcome, violations, ...(left > 0 && { left }) };
}

function verdictOf(checks: readonly CheckResult[], isMust: (requirement: string) => boolean): CaseVerdict {
  const violated = checks.filter(({ outcome }) => outcome === 'violated');
  if (violated.length > 0) return violated.some(({ requirement }) => isMust(requirement)) ? 'fail' : 'warn';
  return checks.some(({ outcome }) => outcome === 'met') ? 'pass' : 'not applicable';
}

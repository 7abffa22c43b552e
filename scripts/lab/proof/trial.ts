import { findPlace, openTarget } from '../../../conformance/cli/target.ts';
import { defaultOptions, type Options } from '../../../conformance/cli/options.ts';
import { controlCase, type Case } from '../../../conformance/cases/case.ts';
import { selectCases } from '../../../conformance/cases/select.ts';
import type { FuzzCase } from '../../../conformance/cases/fuzz.ts';
import { createSuite, type Suite } from '../../../conformance/cases/suite.ts';
import type { Check } from '../../../conformance/checks/check.ts';
import { exampleFixture } from '../../../conformance/call/fixture.ts';
import { readContract } from '../../../conformance/contract/contract.ts';
import { readRequirements } from '../../../conformance/contract/requirements.ts';
import type { Verdict } from '../../../conformance/report/model.ts';
import { judge, type Outcome } from '../../../conformance/report/verdict.ts';
import { startRun, type RunObserver } from '../../../conformance/run/execute.ts';
import { runCases } from '../../../conformance/run/schedule.ts';
import { checkAgainstWrongAnswers, type RecordedCase } from '../../../conformance/run/self-check.ts';
import type { WrongAnswer } from '../../../conformance/self-check/wrong-answer.ts';
import type { Target } from '../../../conformance/run/target.ts';
import { InputError } from '../../../conformance/contract/input-error.ts';
import { startCompleteMock } from '../faults/catalogue.ts';
import { findLeaks } from '../leaks.ts';
import { foreignCall, otherToken } from '../servers/plain/documented.ts';
import { findSubject, independentToken, type Subject } from './catalogue.ts';
import { proxyViolations } from './proxy.ts';

/** The profiles that the catalogue is about. */
export const profiles: readonly string[] = ['core', 'bulk'];

/** More than requests under way at once, since cases wait for each other's readings. */
const casesAtOnce = 16;

/** Long enough for every unusual server on a busy machine, short for the faults that never answer. In milliseconds. */
const limits = { concurrency: 8, timeout: 3000, effectTimeout: 1000 };

/** The findings of the suite about one server. Serialisable. */
export interface Trial {
  readonly kind: Subject['kind'];
  readonly id: string;
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  /** The requirements that a self-check says would find the wrong answer; undefined for other servers. */
  readonly expected?: readonly string[];
  /** The errors of the suite itself. */
  readonly errors: readonly string[];
  /** The encodings in which the results show the token. */
  readonly leaks: readonly string[];
  /** The violations that Prism's validation proxy sees on an unusual server. */
  readonly blamed: readonly string[];
}

/** A requirement that a server does not honour, and the checks that found it out. */
export interface Finding {
  readonly requirement: string;
  readonly outcome: 'violated' | 'warned';
  readonly checks: readonly string[];
}

/** A server to try. */
export interface Assignment {
  readonly name: string;
  /**
   * The cases to run: `everything`, or all that can find a requirement violated. Without it an unusual server is tried
   * on everything, and a faulty one on a sample of the cases that can find it.
   */
  readonly scope?: string;
  /** True to name nothing but URL and token of an independent server. */
  readonly bare?: boolean;
}

type AnyCase = Case | FuzzCase;

const contract = readContract();

/** The suite of this repository. */
export const suite: Suite = createSuite(contract, readRequirements());

/** The way in which the suite is run against some servers. */
interface Setting {
  readonly profiles: readonly string[];
  readonly token: string;
  openTarget(url: string): Promise<Target>;
}

const catalogue: Setting = {
  profiles,
  token: 'proof-token',
  openTarget: async (baseUrl) => {
    const fixture = { ...exampleFixture(contract), foreignCall };
    return {
      baseUrl,
      loopback: true,
      token: 'proof-token',
      otherToken,
      tokenNamed: true,
      fixture,
      profiles,
      ...limits,
    };
  },
};

const oneCall = {
  user: '12',
  extension: '0003*210',
  call: 'b817d2618fe6f1804333',
  from: '0003*024',
  number: '0003*210',
  sendTo: ['3235742879', '3334444', '0003*100'],
};

/** Settings for independent servers, as the command line makes them: with the call named, and with URL and token only. */
const [named, bare] = [oneCall, {}].map((fixture): Setting => {
  const options: Options = { ...defaultOptions, token: independentToken, profile: ['core'], ...fixture };
  const open = async (url: string) => {
    const named = { ...options, url };
    return (await openTarget(named, await findPlace(named, contract))).target;
  };
  return { profiles: ['core'], token: independentToken, openTarget: open };
}) as [Setting, Setting];

const casesBySetting = new Map<Setting, readonly AnyCase[]>();

/** Lists the cases that a setting has for servers with a fixture, which all of its servers share. */
function listCases(setting: Setting, fixture: Target['fixture']): readonly AnyCase[] {
  const known = casesBySetting.get(setting);
  const cases = known ?? selectCases(suite, fixture, { profiles: setting.profiles });
  casesBySetting.set(setting, cases);
  return cases;
}

/** Lists the cases for the servers of the catalogue. */
export function listCatalogueCases(): readonly AnyCase[] {
  return listCases(catalogue, exampleFixture(contract));
}

/** Returns each check of some cases once, by its requirement and name. */
export function listChecks(cases: readonly AnyCase[]): Pick<Check, 'requirement' | 'name'>[] {
  const checks = cases.flatMap((testCase): readonly Check[] => testCase.checks);
  return [
    ...new Map(checks.map(({ requirement, name }) => [`${requirement}: ${name}`, { requirement, name }])).values(),
  ];
}

/** Chooses cases of a run. */
export type Choice = (cases: readonly AnyCase[]) => readonly AnyCase[];

/** Chooses the cases that can find a requirement violated, the control of refusals, and those that have to run before. */
export function casesAbout(requirement: string): Choice {
  return (cases) => {
    const able = cases.filter(({ checks }) => checks.some((check) => check.requirement === requirement));
    const earlier = new Set([controlCase, ...able.map(({ after }) => after)]);
    return cases.filter((testCase) => able.includes(testCase) || earlier.has(testCase.id));
  };
}

/** Chooses all cases that are about a requirement, and of those that prove it along the way two for each other one. */
function sampleAbout(requirement: string): Choice {
  return (cases) => {
    const chosen = new Map<string, number>();
    return casesAbout(requirement)(cases).filter(({ id, requirement: own, effect }) => {
      const count = chosen.get(own) ?? 0;
      chosen.set(own, count + 1);
      return own === requirement || id === controlCase || effect === 'watches' || count < 2;
    });
  };
}

const everything: Choice = (cases) => cases;

/** Tries the server of an assignment. The function that a thread of the proof runs. */
export async function tryAssignment({ name, scope, bare: isBare = false }: Assignment): Promise<Trial> {
  const subject = await findSubject(name);
  const setting = subject.isIndependent ? (isBare ? bare : named) : catalogue;
  const isWhole = scope === 'everything' || subject.kind === 'control';
  const choose = isWhole ? everything : scope === undefined ? undefined : casesAbout(scope);
  if (subject.kind === 'control') return trySubject(subject, everything, setting);
  if (subject.wrongAnswer !== undefined) return tryWrongAnswer(subject, subject.wrongAnswer, choose);
  if (choose !== undefined) return trySubject(subject, choose, setting);
  const { requirement = '' } = subject;
  const trial = await trySubject(subject, sampleAbout(requirement), setting);
  return trial.findings.some((finding) => finding.requirement === requirement)
    ? trial
    : trySubject(subject, everything, setting);
}

/** Runs some cases of the suite against one server, which is started and closed. */
export async function trySubject(
  subject: Subject,
  choose: Choice = everything,
  setting: Setting = catalogue,
): Promise<Trial> {
  const { kind, id } = subject;
  const server = await subject.start();
  try {
    const target = await setting.openTarget(server.url);
    const said: Promise<readonly [id: string, violations: readonly string[]]>[] = [];
    const { pathname } = new URL(target.baseUrl);
    const observe: RunObserver = ({ id: caseId }, exchanges) => {
      for (const exchange of exchanges)
        said.push(proxyViolations(exchange, pathname.replace(/\/$/, '')).then((violations) => [caseId, violations]));
    };
    const run = startRun(suite, target, { observe });
    const cases = choose(listCases(setting, target.fixture));
    const results = await runCases(run, cases, casesAtOnce);
    await run.close();
    const outcome = judge(suite.requirements, results, { profiles: setting.profiles, strict: false, partial: false });
    const isAnswered = results.some(({ answers }) => answers.length > 0);
    return {
      kind,
      id,
      verdict: isAnswered ? outcome.verdict : 'nothing verified',
      findings: listFindings(outcome),
      errors: results.filter(({ verdict }) => verdict === 'error').map((result) => `${result.id}: ${result.reason}`),
      leaks: findLeaks(setting.token, JSON.stringify(outcome)),
      blamed: kind === 'control' ? listBlamed(await Promise.all(said)) : [],
    };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { kind, id, verdict: 'nothing verified', findings: [], errors: [], leaks: [], blamed: [] };
  } finally {
    await server.close();
  }
}

/** Formats what the proxy says of answers, each sentence once. */
function listBlamed(said: readonly (readonly [id: string, violations: readonly string[]])[]): string[] {
  return [...new Map(said.flatMap(([id, violations]) => violations.map((says) => [says, `${id}: ${says}`]))).values()];
}

function listFindings({ requirements, cases }: Outcome): Finding[] {
  const violations = cases
    .filter(({ verdict }) => verdict !== 'unreached')
    .flatMap(({ checks }) => checks.filter(({ outcome }) => outcome === 'violated'));
  const findings = requirements.flatMap(({ requirement: { id }, outcome }): Finding[] => {
    if (outcome !== 'violated' && outcome !== 'warned') return [];
    const checks = violations.filter(({ requirement }) => requirement === id).map(({ check }) => check);
    return [{ requirement: id, outcome, checks: [...new Set(checks)].sort() }];
  });
  return findings.toSorted((one, other) => (one.requirement < other.requirement ? -1 : 1));
}

let recorded: Promise<readonly RecordedCase[]> | undefined;

/**
 * Tries a server that gives a wrong answer. A self-check of a recorded run says which requirements are to find it. Where
 * no cases are chosen, those that find it first are run; in cases that it does not concern, the server answers as the
 * mock does.
 */
async function tryWrongAnswer(subject: Subject, wrongAnswer: WrongAnswer, choose?: Choice): Promise<Trial> {
  const recording = await (recorded ??= record());
  const concerned = recording.filter(({ exchanges }) => exchanges.some((exchange) => wrongAnswer.change(exchange)));
  const controls = new Set(concerned.map(({ testCase }) => testCase.control));
  const cases = recording.filter((each) => controls.has(each.testCase.id) || concerned.includes(each));
  const selected = cases.map(({ testCase }) => testCase);
  const expected = findCatchers(selected, cases, wrongAnswer);
  const first = new Set(
    expected.map((one) => concerned.find((each) => findCatchers([], [each], wrongAnswer).includes(one))),
  );
  const run = (some: ReadonlySet<RecordedCase | undefined>) => {
    const ids = new Set([...some].flatMap((each) => [each?.testCase.id, each?.testCase.control]));
    return trySubject(subject, (all) => (choose ?? everything)(all).filter(({ id }) => ids.has(id)));
  };
  const trial = await run(choose === undefined ? first : new Set(concerned));
  const isFound = trial.findings.some(({ requirement }) => expected.includes(requirement));
  return { ...(isFound || choose !== undefined ? trial : await run(new Set(concerned))), expected };
}

function findCatchers(
  selected: readonly Case[],
  recording: readonly RecordedCase[],
  wrongAnswer: WrongAnswer,
): readonly string[] {
  return checkAgainstWrongAnswers(suite, selected, recording, [wrongAnswer]).tried.flatMap(({ caughtBy }) => caughtBy);
}

async function record(): Promise<readonly RecordedCase[]> {
  const recording: RecordedCase[] = [];
  const observe: RunObserver = (testCase, exchanges) => {
    if (!('recipes' in testCase)) recording.push({ testCase, exchanges });
  };
  const server = await startCompleteMock();
  const target = await catalogue.openTarget(server.url);
  const run = startRun(suite, target, { observe });
  await runCases(run, listCases(catalogue, target.fixture), casesAtOnce);
  await run.close();
  await server.close();
  return recording;
}

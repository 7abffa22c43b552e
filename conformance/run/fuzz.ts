import fc from 'fast-check';
import type { Case } from '../cases/case.ts';
import type { FuzzCase } from '../cases/fuzz.ts';
import type { CaseResult, CheckResult } from './result.ts';

/** Runs one case. Never throws. */
type Attempt = (testCase: Case) => Promise<CaseResult>;

/** Tells whether a result ends a search: a value that it is looking for. */
type IsWanted = (result: CaseResult) => boolean;

/**
 * Tries the generated values of a case, and shrinks the one that fails. The search is for a value that breaks the
 * requirement of the case. Another requirement, which every refusal of a server may break, is searched for only then.
 */
export async function runFuzzCase(fuzzCase: FuzzCase, attempt: Attempt): Promise<CaseResult> {
  const started = performance.now();
  const { id, requirement, title, control, seed } = fuzzCase;
  let search = await runSearch(fuzzCase, attempt, (result) => {
    return result.verdict === 'error' || (result.verdict === 'fail' && violatedBy(result).has(requirement));
  });
  const elsewhere = search.firsts.get('fail') ?? search.firsts.get('warn');
  if (elsewhere !== undefined && (search.end === undefined || search.end.verdict === 'unreached')) {
    const isAlike: IsWanted = ({ verdict }) => verdict === elsewhere.verdict;
    const again = search.end === undefined ? await runSearch(fuzzCase, attempt, isAlike) : undefined;
    search = again?.end === undefined ? { ...search, end: elsewhere } : again;
  }
  const { tried, steps } = search;
  const { verdict, reason, cutShort, answers, accepted, checks, exchanges } = search.end ?? passed(search);
  const found = { verdict, reason, ...(cutShort && { cutShort }), answers, accepted, checks, exchanges };
  return {
    id,
    requirement,
    title,
    control,
    ...found,
    duration: performance.now() - started,
    fuzz: { seed, tried, steps },
  };
}

/** The state of a search among the generated values of a case. */
interface Search {
  /** The smallest value that was looked for, or the one that could not be sent; undefined if all passed. */
  end: CaseResult | undefined;
  /** The number of values that were tried until then. */
  tried: number;
  /** The number of times that the failing value was made smaller. */
  steps: number;
  /** The first result of each verdict. */
  readonly firsts: Map<CaseResult['verdict'], CaseResult>;
  readonly answers: Set<string>;
  checks: readonly CheckResult[];
}

/** The most requests that are spent on shrinking a failing value. */
const longestSearch = 150;

async function runSearch(fuzzCase: FuzzCase, attempt: Attempt, isWanted: IsWanted): Promise<Search> {
  const search: Search = { end: undefined, tried: 0, steps: 0, firsts: new Map(), answers: new Set(), checks: [] };
  let shrinking = 0;
  const passes = async (send: () => Promise<CaseResult>): Promise<boolean> => {
    if (search.end?.verdict === 'unreached') return true;
    if (search.end !== undefined) {
      if (shrinking++ >= longestSearch) return true;
      const smaller = await send();
      if (!breaksAsMuch(smaller, search.end)) return true;
      search.end = smaller;
      search.steps++;
      return false;
    }
    const result = await send();
    if (result.verdict === 'unreached' || isWanted(result)) search.end = result;
    if (result.verdict === 'unreached') return true;
    search.tried++;
    if (!search.firsts.has(result.verdict)) search.firsts.set(result.verdict, result);
    // A check that was met once tells more than one that had nothing to look at.
    search.checks = result.checks.map((check, index) => {
      const before = search.checks[index];
      return before?.outcome === 'met' ? before : check;
    });
    result.answers.forEach((answer) => search.answers.add(answer));
    return search.end === undefined;
  };
  const property = fc.asyncProperty(fuzzCase.recipes, async (recipe) => {
    fc.pre(recipe !== undefined);
    return passes(() => attempt({ ...fuzzCase, send: recipe }));
  });
  for (const { seed, count } of fuzzCase.batches) {
    if (search.end === undefined) await fc.check(property, { seed, numRuns: count });
  }
  return search;
}

/** Returns the result of a search in which nothing failed. */
function passed({ tried, answers, checks }: Search) {
  const verdict = checks.some(({ outcome }) => outcome === 'met') ? 'pass' : 'not applicable';
  const reason = tried === 0 ? 'no value could be generated that may be sent' : undefined;
  return {
    verdict,
    reason,
    cutShort: undefined,
    answers: [...answers],
    accepted: false,
    checks,
    exchanges: [],
  } as const;
}

/** Tells whether a value breaks all that a larger one broke; otherwise it shows another fault. */
function breaksAsMuch(result: CaseResult, larger: CaseResult): boolean {
  return result.verdict === larger.verdict && violatedBy(larger).isSubsetOf(violatedBy(result));
}

function violatedBy({ checks }: CaseResult): Set<string> {
  return new Set(checks.filter(({ outcome }) => outcome === 'violated').map(({ requirement }) => requirement));
}

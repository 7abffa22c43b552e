import type { CaseResult } from '../run/result.ts';
import type { Report } from './report.ts';

/** What kept a run as a whole from telling anything, if one thing did: what happened, and what to look at. */
export function overallCause(report: Report): string | undefined {
  const { verdict, cases } = report;
  if (verdict === 'conforming' || !cases.some(isUnexpected)) return undefined;
  return sameAnswer(report) ?? refusedControl(report);
}

interface Cause {
  /** The status, or how the connection failed. */
  readonly answer: RegExp;
  readonly ask: string;
}

const askForPath = 'is the path of the URL right? Requests go to URL/uapi/phoneCalls/…';

/** What to look at where a valid transfer is answered so. */
const causes: readonly Cause[] = [
  { answer: /^401/, ask: 'is CONFORMANCE_TOKEN right, and not expired?' },
  { answer: /^403/, ask: 'may the user of CONFORMANCE_TOKEN transfer this call?' },
  { answer: /^404 /, ask: 'do --user, --extension and --call name a live call?' },
  { answer: /^(?:404|405|501)/, ask: askForPath },
  { answer: /^415/, ask: 'does it take JSON?' },
  { answer: /^429/, ask: 'it limits how much is sent: try --concurrency 1.' },
  { answer: /^3/, ask: 'redirects are not followed: does the URL begin with the right scheme, host and path?' },
  { answer: /^5/, ask: 'is it a proxy without a server behind it, or an exception? See its log.' },
  { answer: /^time-out/, ask: 'is the server stuck, or slower than --timeout allows?' },
  { answer: /^malformed/, ask: 'does the port speak HTTP? It may be https:// that has to be named.' },
  { answer: /^closed/, ask: 'did the server crash, or does it speak HTTPS only? See its log.' },
];

function sameAnswer({ cases, target }: Report): string | undefined {
  const answers = new Set(cases.flatMap((result) => result.answers));
  const statuses = new Set([...answers].map((answer) => answer.split(' ')[0] ?? ''));
  if (statuses.size !== 1) return undefined;
  const [status = ''] = statuses;
  const ask = askAbout(answers.size === 1 ? ([...answers][0] ?? '') : status, target.name);
  return ask && `Every request was answered ${describe(status)}: ${ask}`;
}

/** What refusals are held against was refused itself. */
function refusedControl({ cases, target }: Report): string | undefined {
  const ids = new Set(cases.map(({ control }) => control));
  const control = cases.find(({ id, accepted, answers }) => ids.has(id) && !accepted && answers.length > 0);
  if (control === undefined) return undefined;
  const answer = control.answers.join(', ');
  if (control.verdict === 'unreached')
    return `A valid transfer, ${control.id}, was answered ${answer}: ${control.reason}.`;
  const ask = askAbout(answer, target.name) ?? 'begin with that; without it refusals prove nothing.';
  return `A valid transfer, ${control.id}, was answered ${describe(answer)}: ${ask}`;
}

function askAbout(answer: string, url: string): string | undefined {
  return causes.find((cause) => cause.answer.test(answer))?.ask.replace('URL/', `${url}/`);
}

function describe(answer: string): string {
  return /^\d/.test(answer) ? answer : `with no complete response (${answer})`;
}

/** Whether a status was not the expected one, or an answer made a case pointless. */
function isUnexpected({ verdict, answers, checks }: CaseResult): boolean {
  if (verdict === 'unreached') return answers.length > 0;
  return checks.some(({ violations }) => violations.some(({ at }) => at === 'status' || at === 'message'));
}

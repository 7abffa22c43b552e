import { applyEdits, findNodeAtLocation, format, parseTree } from 'jsonc-parser';
import { groupAlike, type AlikeViolations } from '../../view.ts';
import type { CallReading, CaseResult, ReceivedResponse, Report, SentRequest } from '../../model.ts';
import { curlCommand, isComplete } from '../../reproduce.ts';
import { findDifferences, summarizeDifferences, type RequestDifference } from '../../request-differences.ts';
import { capitalize, counted } from '../../texts.ts';
import {
  badge,
  escapeExactly,
  factList,
  fold,
  html,
  inline,
  linkTo,
  table,
  type Content,
  type Markup,
} from './markup.ts';

/** The largest part that is shown of a body, a header and a command, in characters, and of a list of violations. */
const most = { body: 2000, header: 500, command: 600, violations: 6 };

/** The parts of a case that are shown. */
interface Excerpt {
  readonly violations: readonly AlikeViolations[];
  /** The number of violations that the report does not keep. */
  readonly left?: number;
  /** Facts by their names; those that are undefined or false are left out. */
  readonly facts: readonly (readonly [name: string, value: Content])[];
  /** The places of the exchanges. */
  readonly exchanges: readonly number[];
}

/** Shows what the answers of a case break, facts about it, and what was sent and received. */
export function caseExcerpt(
  result: CaseResult,
  { violations, left = 0, facts, exchanges }: Excerpt,
  report: Report,
): Markup {
  const order = (index: number) =>
    result.exchanges.length > 1 && html`<h4>Exchange ${index + 1} of ${result.exchanges.length}</h4>`;
  return html`${violations.length > 0 && violationsTable(violations, `What ${result.id} breaks`, left)}
  ${factList(facts)} ${exchanges.map((index) => html`${order(index)}${exchangeBlock(result, index, report)}`)}`;
}

/** Shows all of a case. */
export function caseContent(result: CaseResult, report: Report): Markup {
  const { requirement, reason, control, checks, exchanges } = result;
  const summary = summarizeDifferences(result, 0, findDifferences(result, 0, report));
  const checkItems = checks.map(
    (check) => html`<li>${badge(check.outcome)} ${check.check} ${linkTo('requirement', check.requirement)}</li>`,
  );
  const excerpt: Excerpt = {
    violations: groupAlike(checks.flatMap((check) => check.violations)),
    facts: [
      ['About', linkTo('requirement', requirement)],
      ['Reason', reason],
      ['In short', summary && capitalize(summary)],
      ['Control', control !== undefined && linkTo('case', control)],
    ],
    exchanges: exchanges.keys().toArray(),
  };
  return html`<div class="content">
    ${caseExcerpt(result, excerpt, report)}
    ${fold(
      counted(checks.length, 'check'),
      html`<ul class="checks">
        ${checkItems}
      </ul>`,
      'more',
    )}
  </div>`;
}

/** Shows a request with its answer, what differs in both marked, and a command that sends it again. */
function exchangeBlock(result: CaseResult, index: number, report: Report): Markup {
  const { request, response, failure, readings } = result.exchanges[index] ?? {};
  if (request === undefined) return html``;
  const differences = findDifferences(result, index, report);
  const broken = result.checks.flatMap(({ violations }) =>
    violations.filter(({ exchange = 0 }) => exchange === index).map(({ at }) => at),
  );
  return html`<div class="exchange">
      <div class="message">
        <h5>Request</h5>
        <pre tabindex="0" aria-label="Request">${requestText(request, differences)}</pre>
        ${headers(request.headers, 'request')}
      </div>
      <div class="message">
        <h5>Response <span class="aside">${response && `after ${milliseconds(response.duration)}`}</span></h5>
        ${response && html`<pre tabindex="0" aria-label="Response">${responseText(response, broken)}</pre>`}
        ${response && headers(response.headers, 'response')}
        ${failure && html`<p class="failure">No complete response. ${failure.message}</p>`}
      </div>
    </div>
    ${readings && html`<p class="readings"><b>Read before:</b> ${readingText(readings.before)}. <b>Read after:</b> ${readingText(readings.after)}.</p>`}
    ${curlBlock(request, result.id, report.target.origin)}`;
}

/** Writes a duration with its significant digits. */
export function milliseconds(duration: number): string {
  if (duration >= 10_000) return `${(duration / 1000).toFixed(1)} s`;
  return `${duration >= 10 ? Math.round(duration) : duration.toFixed(1)} ms`;
}

function curlBlock(request: SentRequest, id: string, origin: string): Markup {
  if (!isComplete(request)) {
    return html`<p class="aside">The body is too long to keep: <code>--only '${id}'</code> sends it again.</p>`;
  }
  const command = curlCommand(request, origin);
  return html`<div class="curl">
    <button type="button" class="copy" data-copy="${escapeExactly(command)}">Copy curl</button>
    <code>${cut(command, most.command)}</code>
  </div>`;
}

function requestText({ method, path, body }: SentRequest, differences: readonly RequestDifference[]): Markup {
  const sent = differences.flatMap(({ part, sent: text }) => (part === 'path' && text !== undefined ? [text] : []));
  const members = differences.flatMap(({ part }) => (part.startsWith('body/') ? [part.slice('body'.length)] : []));
  // Where the whole path differs, it is marked as one.
  const segments = sent.includes(path) ? [path] : path.split('/');
  const marked = segments.map((segment, index) => [
    index > 0 && '/',
    sent.includes(segment) ? html`<mark class="sent">${cut(segment, most.header)}</mark>` : segment,
  ]);
  return html`<b>${method} ${path.length > most.header ? cut(path, most.header) : marked}</b
    >${body !== undefined && ['\n\n', bodyText(body, body.length, members, 'sent')]}`;
}

function responseText(
  { status, headers: { 'content-type': type }, body }: ReceivedResponse,
  broken: readonly string[],
): Markup {
  const shown = broken.includes('status') ? html`<mark class="came">${status}</mark>` : status;
  return html`<b>${shown}</b> ${cut(type ?? '', most.header)}
    ${['\n', bodyText(body.text, body.length, broken, 'came')]}`;
}

/** Shows a body; one that is JSON is laid out, with the values at some pointers marked. */
function bodyText(text: string, length: number, pointers: readonly string[], kind: string): Markup {
  if (text === '')
    return html`<i class="aside">${length === 0 ? 'empty body' : `${length} bytes that are not text`}</i>`;
  const { laid, places } = layOut(text, pointers);
  // Where the first mark is far from the beginning, what stands before it is left out.
  const begin = (places[0]?.[0] ?? 0) > most.body ? (places[0]?.[0] ?? 0) - 200 : 0;
  const end = Math.min(laid.length, begin + most.body);
  const parts: Markup[] = [];
  let at = begin;
  for (const [from, to] of places.filter(([start, stop]) => start < end && stop > begin)) {
    const stop = Math.min(to, end);
    parts.push(html`${laid.slice(at, from)}<mark class="${kind}">${laid.slice(from, stop)}</mark>`);
    at = stop;
  }
  const rest = laid.length - end;
  return html`${begin > 0 && html`<i class="aside">${begin.toLocaleString('en')} characters, then …</i>`}${parts}${laid.slice(at, end)}${rest > 0 && unshown(rest)}`;
}

/** Lays out JSON by its blanks alone, so that repeated members and escapes stay, and finds the places of pointers. */
export function layOut(
  text: string,
  pointers: readonly string[],
): { readonly laid: string; readonly places: readonly (readonly [from: number, to: number])[] } {
  try {
    JSON.parse(text);
  } catch {
    return { laid: text, places: [] };
  }
  const laid = applyEdits(text, format(text, undefined, { insertSpaces: true, tabSize: 2, eol: '\n' }));
  const root = parseTree(laid);
  const places = pointers
    .filter((pointer) => pointer.startsWith('/'))
    .flatMap((pointer) => {
      const tokens = pointer.split('/').slice(1);
      const names = tokens.map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
      const node =
        root &&
        findNodeAtLocation(
          root,
          names.map((name) => (/^\d+$/.test(name) ? Number(name) : name)),
        );
      return node?.parent?.type === 'property' ? [node.parent] : (node ?? []);
    })
    .map(({ offset, length }) => [offset, offset + length] as const)
    .toSorted(([one], [other]) => one - other)
    // A mark within another says no more.
    .filter(([from], index, all) => all.slice(0, index).every(([, to]) => from >= to));
  return { laid, places };
}

function cut(text: string, longest: number): Markup {
  return html`${text.slice(0, longest)}${text.length > longest && unshown(text.length - longest)}`;
}

function unshown(characters: number): Markup {
  return html`<i class="aside">… and ${characters.toLocaleString('en')} characters more</i>`;
}

function headers(fields: Readonly<Record<string, string>>, whose: string): Markup {
  const lines = Object.entries(fields).map(([name, value]) => html`<b>${name}:</b> ${cut(value, most.header)}${'\n'}`);
  if (lines.length === 0) return html`<p class="aside">No headers</p>`;
  const content = html`<pre tabindex="0" aria-label="Headers of the ${whose}">${lines}</pre>`;
  return fold(`${lines.length} ${whose} headers`, content, 'more');
}

function readingText({ outcome, destinations, description }: CallReading): string {
  if (outcome !== 'read') return description;
  return destinations.length === 0 ? 'the call goes nowhere' : `the call goes to ${destinations.join(', ')}`;
}

function violationsTable(violations: readonly AlikeViolations[], caption: string, left: number): Markup {
  const rows = violations.slice(0, most.violations).map(
    ({ at, expected, actual, times }) =>
      html`<tr>
        <th scope="row"><code>${inline(at)}</code></th>
        <td data-label="Expected"><code>${inline(expected)}</code></td>
        <td data-label="Came">
          <code>${inline(actual)}</code>${times > 1 && html` <span class="aside">${times} times</span>`}
        </td>
      </tr>`,
  );
  const rest = violations.length - rows.length + left;
  return html`${table(['Where', 'Expected', 'Came'], rows, caption, { name: 'violations' })}
  ${rest > 0 && html`<p class="aside">and ${rest} more</p>`}`;
}

import { applyEdits, findNodeAtLocation, format, parseTree } from 'jsonc-parser';
import { parseIfJson, pointerTokens } from '../../../contract/json.ts';
import type { CallReading, CaseResult, Report } from '../../model.ts';
import { capitalize, counted } from '../../texts.ts';
import { groupAlike, viewExchanges, type AlikeViolations, type ExchangeView } from '../../view.ts';
import { badge, escapeExactly, factList, fold, html, inline, linkTo, list, table } from './markup.ts';
import type { Content, Markup } from './markup.ts';

/** The largest part that is shown of a body, a header and a command, in characters, and of a list of violations. */
const most = { body: 2000, header: 500, command: 600, violations: 6 };

export function caseContent(result: CaseResult, report: Report): Markup {
  const { id, requirement, reason, control, checks } = result;
  const exchanges = viewExchanges(result, report);
  const summary = exchanges[0]?.summary;
  const facts = [
    ['About', linkTo('requirement', requirement)],
    ['Reason', reason],
    ['In short', summary && capitalize(summary)],
    ['Control', control !== undefined && linkTo('case', control)],
  ] as const;
  const items = checks.map(
    (check) => html`${badge(check.outcome)} ${check.check} ${linkTo('requirement', check.requirement)}`,
  );
  return html`<div class="content">
    ${violationsTable(groupAlike(checks.flatMap(({ violations }) => violations)), `What ${id} breaks`)}
    ${factList(facts)} ${exchanges.map(exchangeBlock)}
    ${fold(counted(checks.length, 'check'), list('checks', items), 'more')}
  </div>`;
}

/** Shows what answers break, as far as there is room. */
export function violationsTable(violations: readonly AlikeViolations[], caption: string, left = 0): Markup {
  if (violations.length === 0) return html``;
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
  return html`${table(['Where', 'Expected', 'Came'], rows, caption, 'violations')}
  ${rest > 0 && html`<p class="aside">and ${rest} more</p>`}`;
}

/** Shows a request with its answer, what differs in both marked, and a command that sends it again. */
export function exchangeBlock({ request, response, failure, readings, ...view }: ExchangeView): Markup {
  const { order, curl, again } = view;
  const command =
    curl === undefined
      ? html`<p class="aside">${capitalize(again ?? '')}.</p>`
      : html`<div class="curl">
          <button type="button" class="copy" data-copy="${escapeExactly(curl)}">Copy curl</button>
          <code>${cut(curl, most.command)}</code>
        </div>`;
  return html`${order !== undefined && html`<h4>Exchange ${order}</h4>`}
    <div class="exchange">
      <div class="message">
        <h5>Request</h5>
        <pre tabindex="0" aria-label="Request">${requestText({ request, ...view })}</pre>
        ${headers(request.headers, 'request')}
      </div>
      <div class="message">
        <h5>Response <span class="aside">${response && `after ${milliseconds(response.duration)}`}</span></h5>
        ${response && html`<pre tabindex="0" aria-label="Response">${responseText(response, view.broken)}</pre>`}
        ${response && headers(response.headers, 'response')}
        ${failure && html`<p class="failure">No complete response. ${failure.message}</p>`}
      </div>
    </div>
    ${readings && html`<p class="readings"><b>Read before:</b> ${readingText(readings.before)}. <b>Read after:</b> ${readingText(readings.after)}.</p>`}
    ${command}`;
}

/** Writes a duration with its significant digits. */
export function milliseconds(duration: number): string {
  if (duration >= 10_000) return `${(duration / 1000).toFixed(1)} s`;
  return `${duration >= 10 ? Math.round(duration) : duration.toFixed(1)} ms`;
}

function requestText({ request, differences }: Pick<ExchangeView, 'request' | 'differences'>): Markup {
  const { method, path, body } = request;
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
  { status, headers: { 'content-type': type = '' }, body }: NonNullable<ExchangeView['response']>,
  broken: readonly string[],
): Markup {
  const shown = broken.includes('status') ? html`<mark class="came">${status}</mark>` : status;
  return html`<b>${shown}</b> ${cut(type, most.header)} ${['\n', bodyText(body.text, body.length, broken, 'came')]}`;
}

/** Shows a body; one that is JSON is laid out, with the values at some pointers marked. */
function bodyText(text: string, length: number, pointers: readonly string[], kind: string): Markup {
  if (text === '')
    return html`<i class="aside">${length === 0 ? 'empty body' : `${length} bytes that are not text`}</i>`;
  const { laid, places } = layOut(text, pointers);
  // Where the first mark is far from the beginning, what stands before it is left out.
  const first = places[0]?.[0] ?? 0;
  const begin = first > most.body ? first - 200 : 0;
  const end = Math.min(laid.length, begin + most.body);
  const parts: Content[] =
    begin > 0 ? [html`<i class="aside">${begin.toLocaleString('en')} characters, then …</i>`] : [];
  let at = begin;
  for (const [from, to] of places.filter(([start, stop]) => start < end && stop > begin)) {
    const stop = Math.min(to, end);
    parts.push(laid.slice(at, from), html`<mark class="${kind}">${laid.slice(from, stop)}</mark>`);
    at = stop;
  }
  return html`${parts}${cut(laid.slice(at), end - at)}`;
}

const layout = { insertSpaces: true, tabSize: 2, eol: '\n' };

/** Lays out JSON by its blanks alone, so that repeated members and escapes stay, and finds the places of pointers. */
export function layOut(text: string, pointers: readonly string[]) {
  const value = parseIfJson(text);
  if (value === undefined) return { laid: text, places: [] };
  const isPlain = JSON.stringify(value) === text;
  const laid = isPlain ? JSON.stringify(value, undefined, 2) : applyEdits(text, format(text, undefined, layout));
  const root = pointers.length > 0 ? parseTree(laid) : undefined;
  const places = pointers
    .filter((pointer) => root !== undefined && pointer.startsWith('/'))
    .flatMap((pointer) => {
      const path = pointerTokens(pointer).map((name) => (/^\d+$/.test(name) ? Number(name) : name));
      const node = root && findNodeAtLocation(root, path);
      return node?.parent?.type === 'property' ? [node.parent] : (node ?? []);
    })
    .map(({ offset, length }) => [offset, offset + length] as const)
    .toSorted(([one], [other]) => one - other)
    // A mark within another says no more.
    .filter(([from], index, all) => all.slice(0, index).every(([, to]) => from >= to));
  return { laid, places };
}

function cut(text: string, longest: number): Content {
  if (text.length <= longest) return text;
  const left = (text.length - longest).toLocaleString('en');
  return html`${text.slice(0, longest)}<i class="aside">… and ${left} characters more</i>`;
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

import { applyEdits, format, parseTree, type Node } from 'jsonc-parser';
import type { AlikeViolations } from '../../finding-view.ts';
import type { CallReading, CaseResult, ReceivedResponse, Report, SentRequest } from '../../model.ts';
import { curlCommand, isComplete } from '../../reproduce.ts';
import { findDifferences, type RequestDifference } from '../../request-differences.ts';
import { escapeExactly, fold, html, inline, table, type Markup } from './markup.ts';

/** The largest part that is shown of a body, a header and a command, in characters. */
const shownLength = { body: 2000, header: 500, command: 600 };

/** The number of violations that are shown of an answer that breaks many. */
const shownViolations = 6;

/** Shows a request with its answer, what differs in both marked, and a command that sends it again. */
export function exchangeBlock(result: CaseResult, index: number, report: Report): Markup {
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

/** The whole command is kept as data only where less of it is shown. */
function curlBlock(request: SentRequest, id: string, origin: string): Markup {
  if (!isComplete(request)) {
    return html`<p class="aside">The body is too long to keep: <code>--only '${id}'</code> sends it again.</p>`;
  }
  const command = curlCommand(request, origin);
  const isWhole = command.length <= shownLength.command && !/[^\x20-\x7e]/.test(command);
  const data = !isWhole && html` data-copy="${escapeExactly(command)}"`;
  return html`<div class="curl">
    <button type="button" class="copy" ${data}>Copy curl</button>
    <code>${cut(command, shownLength.command)}</code>
  </div>`;
}

function requestText({ method, path, body }: SentRequest, differences: readonly RequestDifference[]): Markup {
  const sent = differences.flatMap(({ part, sent: text }) => (part === 'path' && text !== undefined ? [text] : []));
  const members = differences.flatMap(({ part }) => (part.startsWith('body/') ? [part.slice('body'.length)] : []));
  // Where the whole path differs, it is marked as one.
  const segments = sent.includes(path) ? [path] : path.split('/');
  const marked = segments.map((segment, index) => [
    index > 0 && '/',
    sent.includes(segment) ? html`<mark class="sent">${cut(segment, shownLength.header)}</mark>` : segment,
  ]);
  return html`<b>${method} ${path.length > shownLength.header ? cut(path, shownLength.header) : marked}</b
    >${body !== undefined && ['\n\n', bodyText(body, body.length, members, 'sent')]}`;
}

function responseText(
  { status, headers: { 'content-type': type }, body }: ReceivedResponse,
  broken: readonly string[],
): Markup {
  const shown = broken.includes('status') ? html`<mark class="came">${status}</mark>` : status;
  return html`<b>${shown}</b> ${cut(type ?? '', shownLength.header)}
    ${['\n', bodyText(body.text, body.length, broken, 'came')]}`;
}

/** Shows a body; one that is JSON is laid out, with the values at some pointers marked. */
function bodyText(text: string, length: number, pointers: readonly string[], kind: string): Markup {
  if (text === '')
    return html`<i class="aside">${length === 0 ? 'empty body' : `${length} bytes that are not text`}</i>`;
  const { laid, places } = layOut(text, pointers);
  // Where the first mark is far from the beginning, what stands before it is left out.
  const begin = (places[0]?.[0] ?? 0) > shownLength.body ? (places[0]?.[0] ?? 0) - 200 : 0;
  const end = Math.min(laid.length, begin + shownLength.body);
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
  const found = pointers.filter((pointer) => pointer.startsWith('/')).flatMap((pointer) => findNode(root, pointer));
  const places = found
    .map(({ offset, length }) => [offset, offset + length] as const)
    .toSorted(([one], [other]) => one - other)
    // A mark within another says no more.
    .filter(([from], index, all) => all.slice(0, index).every(([, to]) => from >= to));
  return { laid, places };
}

/** Finds the member or entry at a JSON pointer. */
function findNode(root: Node | undefined, pointer: string): readonly Node[] {
  let node = root;
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    node =
      node?.type === 'array'
        ? node.children?.[Number(name)]
        : node?.children?.find(({ children }) => children?.[0]?.value === name)?.children?.[1];
  }
  if (node === undefined) return [];
  return [node.parent?.type === 'property' ? node.parent : node];
}

function cut(text: string, longest: number): Markup {
  if (text.length <= longest) return html`${text}`;
  return html`${text.slice(0, longest)}${unshown(text.length - longest)}`;
}

function unshown(characters: number): Markup {
  return html`<i class="aside">… and ${characters.toLocaleString('en')} characters more</i>`;
}

function headers(fields: Readonly<Record<string, string>>, whose: string): Markup {
  const names = Object.keys(fields);
  if (names.length === 0) return html`<p class="aside">No headers</p>`;
  const lines = Object.entries(fields).map(
    ([name, value]) => html`<b>${name}:</b> ${cut(value, shownLength.header)}${'\n'}`,
  );
  const content = html`<pre tabindex="0" aria-label="Headers of the ${whose}">${lines}</pre>`;
  return fold(`${names.length} ${whose} headers`, content, 'headers');
}

function readingText({ outcome, destinations, description }: CallReading): string {
  if (outcome !== 'read') return description;
  return destinations.length === 0 ? 'the call goes nowhere' : `the call goes to ${destinations.join(', ')}`;
}

/** Shows the violations of an answer, with the differences between expected and actual text marked. */
export function violationsTable(violations: readonly AlikeViolations[], caption: string, left = 0): Markup {
  const rows = violations.slice(0, shownViolations).map(({ at, expected, actual, times }) => {
    const marked = markDifference(expected, actual);
    return html`<tr>
      <th scope="row"><code>${inline(at)}</code></th>
      <td data-label="Expected"><code>${marked.expected}</code></td>
      <td data-label="Came">
        <code>${marked.actual}</code>${times > 1 && html` <span class="aside">${times} times</span>`}
      </td>
    </tr>`;
  });
  const rest = violations.length - rows.length + left;
  return html`${table(['Where', 'Expected', 'Came'], [rows], caption, { name: 'violations' })}
  ${rest > 0 && html`<p class="aside">and ${rest} more</p>`}`;
}

/** Marks the difference of two texts: all between their common beginning and end. */
export function markDifference(
  expected: string,
  actual: string,
): { readonly expected: Markup; readonly actual: Markup } {
  const wanted = splitTokens(expected);
  const came = splitTokens(actual);
  const shorter = Math.min(wanted.length, came.length);
  let start = 0;
  while (start < shorter && wanted[start] === came[start]) start += 1;
  let end = 0;
  while (end < shorter - start && wanted.at(-1 - end) === came.at(-1 - end)) end += 1;
  return { expected: mark(wanted, start, end, 'wanted'), actual: mark(came, start, end, 'came') };
}

function splitTokens(text: string): string[] {
  return text.match(/[\p{L}\p{N}_]+|[^]/gu) ?? [];
}

function mark(tokens: readonly string[], start: number, end: number, kind: string): Markup {
  const part = (from: number, to: number) => tokens.slice(from, to).join('');
  const middle = part(start, tokens.length - end);
  const marked = middle === '' ? '' : html`<mark class="${kind}">${inline(middle)}</mark>`;
  return html`${inline(part(0, start))}${marked}${inline(part(tokens.length - end, tokens.length))}`;
}

import type {
  CallReading,
  CaseResult,
  CaseViolation,
  Exchange,
  ReceivedResponse,
  Report,
  SentRequest,
} from '../../model.ts';
import { curlCommand, isComplete } from '../../reproduce.ts';
import { summarizeDifferences, type RequestDifference } from '../../request-differences.ts';
import { capitalize } from '../../texts.ts';
import { escapeExactly, html, table, type Markup } from './markup.ts';

/** The largest part that is shown of a body, a header and a command, in characters. */
const shownLength = { body: 2000, header: 500, command: 600 };

/** The number of violations that are shown of an answer that breaks many. */
const shownViolations = 6;

/** Shows a request with its answer, and a command that sends it again. */
export function exchangeBlock(exchange: Exchange, { id }: CaseResult, { target }: Report): Markup {
  const { request, response, failure, readings } = exchange;
  return html`<div class="exchange">
      <div class="message">
        <h5>Request</h5>
        <pre tabindex="0" aria-label="Request">${requestText(request)}</pre>
        ${headers(request.headers, 'request')}
      </div>
      <div class="message">
        <h5>Response <span class="aside">${response && `after ${milliseconds(response.duration)}`}</span></h5>
        ${response && html`<pre tabindex="0" aria-label="Response">${responseText(response)}</pre>`}
        ${response && headers(response.headers, 'response')}
        ${failure && html`<p class="failure">No complete response. ${failure.message}</p>`}
      </div>
    </div>
    ${readings && html`<p class="readings"><b>Read before:</b> ${readingText(readings.before)}. <b>Read after:</b> ${readingText(readings.after)}.</p>`}
    ${curlBlock(request, id, target.origin)}`;
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

function requestText({ method, path, body }: SentRequest): Markup {
  return html`<b>${method} ${cut(path, shownLength.header)}</b
    >${body !== undefined && ['\n\n', bodyText(body, body.length)]}`;
}

function responseText({ status, headers: { 'content-type': type }, body }: ReceivedResponse): Markup {
  return html`<b>${status}</b> ${cut(type ?? '', shownLength.header)} ${['\n\n', bodyText(body.text, body.length)]}`;
}

function bodyText(text: string, length: number): Markup {
  if (text === '')
    return html`<i class="aside">${length === 0 ? 'empty body' : `${length} bytes that are not text`}</i>`;
  return cut(text, shownLength.body);
}

function cut(text: string, longest: number): Markup {
  if (text.length <= longest) return html`${text}`;
  const rest = (text.length - longest).toLocaleString('en');
  return html`${text.slice(0, longest)}<i class="aside">… and ${rest} characters more</i>`;
}

function headers(fields: Readonly<Record<string, string>>, whose: string): Markup {
  const names = Object.keys(fields);
  if (names.length === 0) return html`<p class="aside">No headers</p>`;
  const lines = Object.entries(fields).map(
    ([name, value]) => html`<b>${name}:</b> ${cut(value, shownLength.header)}${'\n'}`,
  );
  return html`<details class="headers">
    <summary>${names.length} ${whose} headers</summary>
    <pre tabindex="0" aria-label="Headers of the ${whose}">${lines}</pre>
  </details>`;
}

function readingText({ outcome, destinations, description }: CallReading): string {
  if (outcome !== 'read') return description;
  return destinations.length === 0 ? 'the call goes nowhere' : `the call goes to ${destinations.join(', ')}`;
}

/** Shows the violations of an answer, with the differences between expected and actual text marked. */
export function violationsTable(violations: readonly CaseViolation[], caption: string): Markup {
  const alike = [...Map.groupBy(violations, ({ at, expected, actual }) => [at, expected, actual].join('\n')).values()];
  const rows = alike.slice(0, shownViolations).map((group) => {
    const [{ at, expected, actual }] = group as [CaseViolation];
    const marked = markDifference(expected, actual);
    const times = group.length > 1 && html` <span class="aside">${group.length} times</span>`;
    return html`<tr>
      <th scope="row"><code>${at}</code></th>
      <td data-label="Expected"><code>${marked.expected}</code></td>
      <td data-label="Came"><code>${marked.actual}</code>${times}</td>
    </tr>`;
  });
  const rest = alike.length - rows.length;
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
  const marked = middle === '' ? '' : html`<mark class="${kind}">${middle}</mark>`;
  return html`${part(0, start)}${marked}${part(tokens.length - end, tokens.length)}`;
}

/** Sums up a request by its differences from accepted ones, as the beginning of a sentence. */
export function differencesSentence(
  result: CaseResult,
  index: number,
  differences: readonly RequestDifference[],
): string | undefined {
  const summary = summarizeDifferences(result, index, differences);
  return summary && capitalize(summary);
}

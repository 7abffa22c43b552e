import type { CallReading, Exchange, ReceivedResponse, SentRequest } from '../../../target/exchange.ts';
import type { CaseResult } from '../../../run/result.ts';
import { curlOf } from '../../curl.ts';
import type { Report } from '../../report.ts';
import { isCut } from '../../visible.ts';
import { exactly, html, type Markup } from './markup.ts';

/** How much of a body, a header and a command is shown. */
const shownLength = { body: 2000, header: 500, command: 600 };

/** A request with its answer, and a command that sends it again. */
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

/** A duration, with as many digits as tell something. */
export function milliseconds(duration: number): string {
  if (duration >= 10_000) return `${(duration / 1000).toFixed(1)} s`;
  return `${duration >= 10 ? Math.round(duration) : duration.toFixed(1)} ms`;
}

/** The command is kept beside what is shown of it only where that is not the same. */
function curlBlock(request: SentRequest, id: string, origin: string): Markup {
  if (isCut(request.body ?? '')) {
    return html`<p class="aside">The body is too long to keep: <code>--only '${id}'</code> sends it again.</p>`;
  }
  const command = curlOf(request, origin);
  const isWhole = command.length <= shownLength.command && !/[^\x20-\x7e]/.test(command);
  const data = !isWhole && html` data-copy="${exactly(command)}"`;
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
    return html`<i class="aside">${length === 0 ? 'empty body' : `${length} bytes that are no text`}</i>`;
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

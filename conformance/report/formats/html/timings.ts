import type { Report } from '../../report.ts';
import { milliseconds } from './exchange.ts';
import { html, type Markup } from './markup.ts';
import { counted } from './outcomes.ts';
import { caseLink } from './places.ts';

/** A response, and how long it took. */
interface Timing {
  readonly case: string;
  readonly request: string;
  readonly duration: number;
}

/** The classes of durations, three to each power of ten, as the limits between them in milliseconds. */
const limits = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

const width = 360;
const height = 110;
const slowestShown = 6;

/** How long answers took: their distribution, and the slowest. */
export function timingsSection({ cases }: Report): Markup {
  const timings = cases.flatMap(timingsOf).toSorted((one, other) => one.duration - other.duration);
  return html`<section id="timings" aria-labelledby="timings-heading">
    <h2 id="timings-heading">Timings</h2>
    ${timings.length === 0 ? html`<p>No response came.</p>` : distribution(timings)}
  </section>`;
}

function timingsOf({ id, exchanges }: Report['cases'][number]): Timing[] {
  return exchanges.flatMap(({ request, response }) =>
    response === undefined ? [] : [{ case: id, request: request.method, duration: response.duration }],
  );
}

function distribution(timings: readonly Timing[]): Markup {
  const at = (share: number) => milliseconds(timings[Math.ceil(share * timings.length) - 1]?.duration ?? 0);
  const figures = `Half within ${at(0.5)}, 95 % within ${at(0.95)}, all within ${at(1)}.`;
  return html`<p>${counted(timings.length, 'response')}, from sending a request to the end of its answer. ${figures}</p>
    <div class="timings">
      ${histogram(
        timings.map(({ duration }) => duration),
        figures,
      )}
      <table>
        <caption>
          The slowest
        </caption>
        <thead>
          <tr>
            <th scope="col">Case</th>
            <th scope="col" class="number">Took</th>
          </tr>
        </thead>
        <tbody>
          ${timings
            .slice(-slowestShown)
            .toReversed()
            .map(
              (timing) =>
                html`<tr>
                  <td>${caseLink(timing.case)}</td>
                  <td class="number">${milliseconds(timing.duration)}</td>
                </tr>`,
            )}
        </tbody>
      </table>
    </div>`;
}

function histogram(durations: readonly number[], figures: string): Markup {
  const counts = [0, ...limits].map((from, index) => {
    const until = limits[index] ?? Infinity;
    return { from, until, count: durations.filter((duration) => duration >= from && duration < until).length };
  });
  const first = counts.findIndex(({ count }) => count > 0);
  const last = counts.findLastIndex(({ count }) => count > 0);
  const shown = counts.slice(first, last + 1);
  const most = Math.max(...shown.map(({ count }) => count));
  const step = width / Math.max(shown.length, 4);
  const bars = shown.map(({ from, until, count }, index) => {
    const tall = (count / most) * (height - 34);
    const left = index * step + 2;
    const label = Number.isFinite(until) ? `< ${limitText(until)}` : `≥ ${limitText(from)}`;
    return html`<rect
        class="bar"
        x="${left.toFixed(1)}"
        y="${(height - 18 - tall).toFixed(1)}"
        width="${(step - 4).toFixed(1)}"
        height="${tall.toFixed(1)}"
      />
      ${count > 0 && html`<text x="${(left + step / 2 - 2).toFixed(1)}" y="${(height - 22 - tall).toFixed(1)}">${count}</text>`}
      <text x="${(left + step / 2 - 2).toFixed(1)}" y="${height - 5}">${label}</text>`;
  });
  return html`<figure>
    <figcaption>Responses by their duration in milliseconds</figcaption>
    <svg class="histogram" viewBox="0 0 ${width} ${height}" role="img" aria-label="Distribution. ${figures}">
      <line x1="0" x2="${width}" y1="${height - 18}" y2="${height - 18}" />
      ${bars}
    </svg>
  </figure>`;
}

function limitText(limit: number): string {
  return limit < 1000 ? `${limit}` : `${limit / 1000} s`;
}

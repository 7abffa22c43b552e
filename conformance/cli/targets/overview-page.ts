import { escapeExactly, html, type Content, type Markup } from '../../report/formats/html/markup.ts';
import { badge, outcomeOrder } from '../../report/formats/html/outcomes.ts';
import { htmlPage, timeElement, verdictSection } from '../../report/formats/html/page.ts';
import type { Verdict } from '../../report/model.ts';
import { overviewLine, type Overview } from './overview.ts';
import type { TargetResult } from './run-target.ts';

/** The columns with numbers, after the target and its verdict. */
const columns = ['Violated', 'Unreached', 'Met', 'Cases', 'Took'];

/** The verdict that an exit code stands for. */
const verdicts: readonly Verdict[] = ['conforming', 'not conforming', 'nothing verified', 'incomplete'];

/** Writes the results of a list of targets for a browser: one page, which links to the reports of the targets. */
export function overviewPage(overview: Overview): string {
  const { targets, totals, startedAt, exitCode } = overview;
  const verdict = verdicts[exitCode] ?? 'nothing verified';
  const heading = `Conformance of ${targets.length} targets`;
  const worstFirst = targets.toSorted((one, other) => rankOf(one) - rankOf(other));
  return htmlPage({
    title: `${heading}: ${verdict}`,
    heading: html`${heading}`,
    subject: 'targets',
    verdict,
    main: html`${verdictSection({
        verdict,
        sentence: overviewLine(overview),
        totals: { targets: totals },
        facts: html`Begun on ${timeElement(startedAt)}.`,
      })}
      <section aria-labelledby="targets-heading">
        <h2 id="targets-heading">Targets</h2>
        ${tableOf(worstFirst)}
      </section>`,
  });
}

function tableOf(targets: readonly TargetResult[]): Markup {
  return html`<table class="targets">
    <caption class="hidden">
      Targets, those that do not conform first
    </caption>
    <thead>
      <tr>
        <th scope="col">Target</th>
        <th scope="col">Verdict</th>
        ${columns.map((name) => html`<th scope="col" class="number">${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${targets.map(rowOf)}
    </tbody>
  </table>`;
}

function rowOf({ name, url, verdict, totals, duration, reason }: TargetResult): Markup {
  const { violated = 0, unreached = 0, met = 0 } = totals.requirements;
  const cases = Object.values(totals.cases).reduce<number>((sum, count = 0) => sum + count, 0);
  const values = [violated, unreached, met, cases, `${(duration / 1000).toFixed(1)} s`];
  const named: Content =
    reason === undefined ? html`<a href="${escapeExactly(`${name}/report.html`)}">${name}</a>` : name;
  return html`<tr>
    <th scope="row">${named} <span class="aside">${url}</span></th>
    <td>${badge(verdict)}${reason !== undefined && html`<span class="aside">${reason}</span>`}</td>
    ${values.map((value, place) => html`<td class="number" data-label="${columns[place]}">${value}</td>`)}
  </tr>`;
}

function rankOf({ verdict }: TargetResult): number {
  return outcomeOrder.indexOf(verdict);
}

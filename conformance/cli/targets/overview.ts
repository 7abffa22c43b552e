import { badge, byImportance, escapeExactly, html, section, table } from '../../report/formats/html/markup.ts';
import type { Markup } from '../../report/formats/html/markup.ts';
import { htmlPage, timeElement, verdictSection } from '../../report/formats/html/page.ts';
import { capitalize, counted, seconds } from '../../report/texts.ts';
import { countEach, exitCodes, type Totals } from '../../report/verdict.ts';
import type { TargetResult } from './run-target.ts';

/** The version of the form of overview.json. It grows by one when a member is taken away or changes its meaning. */
const overviewVersion = 2;

/** The results of the runs of a list of targets, the content of overview.json. */
export type Overview = ReturnType<typeof overviewOf>;

/** Exit codes, the worst first: a violation is known, nothing verified is not known, incomplete is known in part. */
const worstFirst = [1, 2, 3, 0];

/** Sums up the results of the targets of a list, in the order of the list. Durations are in milliseconds. */
export function overviewOf(targets: readonly TargetResult[], startedAt: number, duration: number) {
  return {
    version: overviewVersion,
    startedAt: new Date(startedAt).toISOString(),
    duration: Math.round(duration),
    exitCode: worstFirst.find((code) => targets.some(({ exitCode }) => exitCode === code)) ?? 2,
    totals: countEach(targets.map(({ verdict }) => verdict)),
    targets,
  };
}

export function resultLine({ name, verdict, exitCode, duration, totals, reason }: TargetResult): string {
  const { violated = 0, unreached = 0 } = totals.requirements;
  const cases = countAll(totals.cases);
  const parts = [
    ...(reason === undefined ? [`${counted(cases, 'case')} in ${seconds(duration)}`] : [reason]),
    ...(violated > 0 ? [`${violated} violated`] : []),
    ...(unreached > 0 ? [`${unreached} unreached`] : []),
    ...(exitCode === 1 && verdict !== 'not conforming' ? ['its list of known failures is out of date'] : []),
  ];
  return `${name}: ${verdict}; ${parts.join(', ')}`;
}

export function overviewLine({ targets, totals, duration }: Overview): string {
  const counts = Object.entries(totals).map(([verdict, count]) => `${count} ${verdict}`);
  return `${counted(targets.length, 'target')} in ${seconds(duration)}: ${counts.join(', ')}`;
}

function countAll(totals: Totals): number {
  return Object.values(totals).reduce<number>((sum, count = 0) => sum + count, 0);
}

/** Writes the results of a list of targets for a browser: one page, which links to the reports of the targets. */
export function overviewPage(overview: Overview): string {
  const { targets, totals, startedAt, exitCode } = overview;
  const verdict = Object.entries(exitCodes).find(([, code]) => code === exitCode)?.[0] ?? 'nothing verified';
  const heading = `Conformance of ${targets.length} targets`;
  const rows = targets.toSorted((one, other) => byImportance(one.verdict, other.verdict)).map(targetRow);
  const columns = ['Target', 'Verdict', ...numbers];
  return htmlPage({
    title: `${heading}: ${verdict}`,
    heading: html`${heading}`,
    subject: 'targets',
    main: html`${verdictSection({
      verdict,
      heading: capitalize(verdict),
      remark: overviewLine(overview),
      totals: { targets: totals },
      facts: html`Begun on ${timeElement(startedAt)}.`,
    })}
    ${section('targets', 'Targets', table(columns, rows, 'Targets, those that do not conform first', 'targets'))}`,
  });
}

const numbers = ['Violated', 'Unreached', 'Met', 'Cases', 'Took'];

function targetRow({ name, url, verdict, totals, duration, reason }: TargetResult): Markup {
  const { violated = 0, unreached = 0, met = 0 } = totals.requirements;
  const values = [violated, unreached, met, countAll(totals.cases), seconds(duration)];
  const link = reason === undefined ? html`<a href="${escapeExactly(`${name}/report.html`)}">${name}</a>` : name;
  return html`<tr>
    <th scope="row">${link} <span class="aside">${url}</span></th>
    <td>${badge(verdict)}${reason !== undefined && html`<span class="aside">${reason}</span>`}</td>
    ${values.map((value, place) => html`<td class="number" data-label="${numbers[place]}">${value}</td>`)}
  </tr>`;
}

import {
  badge,
  byImportance,
  escapeExactly,
  html,
  type Content,
  type Markup,
} from '../../report/formats/html/markup.ts';

import { htmlPage, timeElement, verdictSection } from '../../report/formats/html/page.ts';
import type { Verdict } from '../../report/model.ts';
import { capitalize, seconds } from '../../report/texts.ts';
import type { Totals } from '../../report/verdict.ts';
import type { TargetResult } from './run-target.ts';

/** The version of the form of overview.json. It grows by one when a member is taken away or changes its meaning. */
const overviewVersion = 2;

/** The results of the runs of a list of targets, the content of overview.json. */
export interface Overview {
  readonly version: typeof overviewVersion;
  /** A timestamp of RFC 3339, in UTC. */
  readonly startedAt: string;
  /** In milliseconds. */
  readonly duration: number;
  readonly exitCode: number;
  /** The number of targets by verdict. */
  readonly totals: Totals;
  /** In the order of the list. */
  readonly targets: readonly TargetResult[];
}

/** Exit codes, the worst first: a violation is known, nothing verified is not known, incomplete is known in part. */
const worstFirst = [1, 2, 3, 0];

/** Sums up the results of the targets of a list. */
export function overviewOf(targets: readonly TargetResult[], startedAt: number, duration: number): Overview {
  return {
    version: overviewVersion,
    startedAt: new Date(startedAt).toISOString(),
    duration: Math.round(duration),
    exitCode: worstFirst.find((code) => targets.some(({ exitCode }) => exitCode === code)) ?? 2,
    totals: Object.fromEntries(
      [...Map.groupBy(targets, ({ verdict }) => verdict)].map(([verdict, all]) => [verdict, all.length]),
    ),
    targets,
  };
}

/** Describes the result of a target in a line. */
export function resultLine({ name, verdict, exitCode, duration, totals, reason }: TargetResult): string {
  const { violated = 0, unreached = 0 } = totals.requirements;
  const cases = Object.values(totals.cases).reduce<number>((sum, count = 0) => sum + count, 0);
  const parts = [
    ...(reason === undefined ? [`${cases} cases in ${seconds(duration)}`] : [reason]),
    ...(violated > 0 ? [`${violated} violated`] : []),
    ...(unreached > 0 ? [`${unreached} unreached`] : []),
    ...(exitCode === 1 && verdict !== 'not conforming' ? ['its list of known failures is out of date'] : []),
  ];
  return `${name}: ${verdict}; ${parts.join(', ')}`;
}

/** Describes all results in a line. */
export function overviewLine({ targets, totals, duration }: Overview): string {
  const counts = Object.entries(totals).map(([verdict, count]) => `${count} ${verdict}`);
  return `${targets.length} target${targets.length === 1 ? '' : 's'} in ${seconds(duration)}: ${counts.join(', ')}`;
}

/** The columns with numbers, after the target and its verdict. */
const columns = ['Violated', 'Unreached', 'Met', 'Cases', 'Took'];

/** The verdict that an exit code stands for. */
const verdicts: readonly Verdict[] = ['conforming', 'not conforming', 'nothing verified', 'incomplete'];

/** Writes the results of a list of targets for a browser: one page, which links to the reports of the targets. */
export function overviewPage(overview: Overview): string {
  const { targets, totals, startedAt, exitCode } = overview;
  const verdict = verdicts[exitCode] ?? 'nothing verified';
  const heading = `Conformance of ${targets.length} targets`;
  const worstFirst = targets.toSorted((one, other) => byImportance(one.verdict, other.verdict));
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

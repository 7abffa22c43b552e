import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { escapeExactly, html, Markup, type Content } from '../../report/formats/html/markup.ts';
import { badge, outcomeOrder, findSign, totalsBar } from '../../report/formats/html/outcomes.ts';
import { overviewLine, type Overview } from './overview.ts';
import type { TargetResult } from './run-target.ts';

const styles = new URL('../../report/formats/html/style/', import.meta.url);
const styleFiles = ['colours', 'base', 'frame', 'findings', 'tables', 'narrow', 'print'].map(
  (name) => new URL(`${name}.css`, styles),
);

/** The columns with numbers, after the target and its verdict. */
const columns = ['Violated', 'Unreached', 'Met', 'Cases', 'Took'];

/** The verdict that an exit code stands for. */
const verdicts = ['conforming', 'not conforming', 'nothing verified', 'incomplete'];

/** The results of a list of targets for people at a browser: one page, which links to the reports beside it. */
export function overviewPage(overview: Overview): string {
  const { targets, totals, startedAt, exitCode } = overview;
  const style = [...styleFiles, new URL('overview.css', import.meta.url)]
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const policy = `default-src 'none'; style-src ${hashOf(style)}; base-uri 'none'; form-action 'none'`;
  const verdict = verdicts[exitCode] ?? '';
  const { tone, sign } = findSign(verdict);
  const worstFirst = targets.toSorted((one, other) => rankOf(one) - rankOf(other));
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${`Conformance of ${targets.length} targets: ${verdict}`}</title>
        ${new Markup(`<style>${style}</style>`)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the targets</a>
        <header class="top"><h1>Conformance of ${targets.length} targets</h1></header>
        <main id="main" tabindex="-1">
          <section class="summary" aria-labelledby="verdict">
            <div class="verdict ${tone}">
              <span class="verdict-sign" aria-hidden="true">${sign}</span>
              <div>
                <h2 id="verdict">${verdict[0]?.toUpperCase()}${verdict.slice(1)}</h2>
                <p>${overviewLine(overview)}</p>
              </div>
            </div>
            <div class="bars">${totalsBar('targets', totals)}</div>
            <p class="aside">
              Begun on <time datetime="${startedAt}">${startedAt.slice(0, 16).replace('T', ' ')} UTC</time>.
            </p>
          </section>
          <section aria-labelledby="targets-heading">
            <h2 id="targets-heading">Targets</h2>
            ${tableOf(worstFirst)}
          </section>
        </main>
      </body>
    </html>`;
  return `${page.text}\n`;
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

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

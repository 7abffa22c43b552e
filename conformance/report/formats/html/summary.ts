import type { Report } from '../../report.ts';
import { overallCause } from '../../overall-cause.ts';
import { html, type Markup } from './markup.ts';
import { counted, signOf, totalsBar } from './outcomes.ts';

/** What the run says in one sentence, and how much it looked at. */
export function summarySection(report: Report): Markup {
  const { verdict, target, contract, tool, startedAt, duration, totals } = report;
  const { tone, sign } = signOf(verdict);
  const cause = overallCause(report);
  return html`<section id="summary" aria-labelledby="verdict" class="summary">
    <div class="verdict ${tone}">
      <span class="verdict-sign" aria-hidden="true">${sign}</span>
      <div>
        <h2 id="verdict">${verdict[0]?.toUpperCase()}${verdict.slice(1)}</h2>
        <p>${sentence(report)}</p>
        ${cause !== undefined && html`<p class="cause">${cause}</p>`}
      </div>
    </div>
    <div class="bars">${totalsBar('requirements', totals.requirements)} ${totalsBar('cases', totals.cases)}</div>
    <p class="aside">
      ${target.name}, held against ${contract.title} ${contract.version} by ${tool.name} ${tool.version} on
      <time datetime="${startedAt}">${startedAt.slice(0, 16).replace('T', ' ')} UTC</time>, in
      ${(duration / 1000).toFixed(1)} s.
    </p>
  </section>`;
}

function sentence({ verdict, totals: { requirements: totals }, requirements }: Report): string {
  const reached = (totals.met ?? 0) + (totals.violated ?? 0) + (totals.warned ?? 0) + (totals.known ?? 0);
  const unreached = requirements.filter(({ outcome, level }) => outcome === 'unreached' && level === 'MUST').length;
  const warned = totals.warned === undefined ? '' : ` ${counted(totals.warned, 'recommendation')} not followed.`;
  switch (verdict) {
    case 'conforming':
      return `No requirement is violated, and no MUST stayed unreached.${warned}`;
    case 'not conforming':
      return `${totals.violated} of the ${counted(reached, 'requirement')} that could be checked ${totals.violated === 1 ? 'is' : 'are'} violated.${warned}`;
    case 'incomplete':
      return `Nothing is violated, but ${counted(unreached, 'requirement')} that must be met could not be checked.${warned}`;
    default:
      return 'No case was run, or the suite itself failed: this says nothing about the server.';
  }
}

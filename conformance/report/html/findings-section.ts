import { foundBy } from '../fuzz.ts';
import type { Difference, Finding } from '../findings.ts';
import { hintFor } from '../hints.ts';
import type { Report } from '../report.ts';
import { exchangeBlock } from './exchange.ts';
import { differencesFromControl, inShort } from './in-short.ts';
import { html, type Markup } from './markup.ts';
import { badge, counted } from './outcomes.ts';
import { caseLink, requirementLink } from './places.ts';
import { violationsTable } from './violations.ts';

/** How many differences of a finding, and how many cases of a difference, are shown at once. */
const shownAtOnce = 3;
const casesAtOnce = 8;

/** What is broken, each cause once, with what is needed to see it and to try again. */
export function findingsSection(report: Report): Markup {
  const { findings } = report;
  return html`<section id="findings" aria-labelledby="findings-heading">
    <h2 id="findings-heading">Findings <span class="count">${findings.length}</span></h2>
    ${findings.length === 0 && html`<p>Nothing is broken.</p>`}
    ${findings.map((finding, index) => findingBlock(finding, index + 1, report))}
  </section>`;
}

function findingBlock({ outcome, requirements, differences, known }: Finding, number: number, report: Report): Markup {
  const rows = report.requirements.filter(({ id }) => requirements.includes(id));
  const cases = new Set(differences.flatMap((difference) => difference.cases)).size;
  const [only] = rows;
  const heading = rows.length === 1 && only !== undefined ? only.says : `${rows.length} requirements are broken alike`;
  return html`<article class="finding ${outcome}" id="finding-${number}" aria-labelledby="finding-${number}-heading">
    <header>
      ${badge(outcome)} <span class="aside">in ${counted(cases, 'case')}</span>
      <h3 id="finding-${number}-heading">${heading}</h3>
    </header>
    <ul class="demands">
      ${rows.map(
        ({ id, level, says, source, at, line }) =>
          html`<li>
            ${requirementLink(id)} <span class="level">${level}</span> ${rows.length > 1 && says}
            <div class="aside">
              Source: ${source}. Contract:
              <code>${at}</code>${line !== undefined && `, ${report.contract.source}:${line}`}
            </div>
          </li>`,
      )}
    </ul>
    ${known && html`<p class="known-reason">Known${known.until !== undefined && ` until ${known.until}`}: ${known.reason}</p>`}
    ${differences.slice(0, shownAtOnce).map((difference) => differenceBlock(difference, report))}
    ${more(
      differences.slice(shownAtOnce).map((difference) => differenceBlock(difference, report)),
      'other difference',
    )}
  </article>`;
}

function differenceBlock({ cases, example }: Difference, report: Report): Markup {
  const result = report.cases.find(({ id }) => id === example.case);
  const exchange = result?.exchanges[example.exchange];
  if (result === undefined) return html``;
  const changes = differencesFromControl(exchange, result.control, report);
  const hint = exchange && hintFor({ violations: example.violations, exchange, differences: changes });
  const words = inShort(changes);
  return html`<section class="difference" aria-label="${example.case}">
    <h4>${caseLink(example.case)} <span>${result.title}</span></h4>
    ${violationsTable(example.violations, `What ${example.case} breaks`)}
    <dl class="facts">
      ${
        words !== undefined &&
        html`<div>
          <dt>In short</dt>
          <dd>${words}</dd>
        </div>`
      }
      ${
        hint !== undefined &&
        html`<div>
          <dt>Hint</dt>
          <dd>${hint}</dd>
        </div>`
      }
      ${foundBy(result).map(
        (line) =>
          html`<div>
            <dt>Found</dt>
            <dd>${line}</dd>
          </div>`,
      )}
      ${
        cases.length > 1 &&
        html`<div>
          <dt>Alike</dt>
          <dd>${alike(cases, example.case)}</dd>
        </div>`
      }
    </dl>
    ${exchange && exchangeBlock(exchange, report.target.origin)}
  </section>`;
}

function alike(cases: readonly string[], shown: string): Markup {
  const others = cases.filter((id) => id !== shown);
  const links = others.map((id) => html`<li>${caseLink(id)}</li>`);
  return html`<p>${counted(others.length, 'more case')}</p>
    <ul class="inline">
      ${links.slice(0, casesAtOnce)}
    </ul>
    ${more(
      [
        html`<ul class="inline">
          ${links.slice(casesAtOnce)}
        </ul>`,
      ].slice(links.length > casesAtOnce ? 0 : 1),
      'other',
      links.length - casesAtOnce,
    )}`;
}

function more(blocks: readonly Markup[], noun: string, count = blocks.length): Markup | undefined {
  if (blocks.length === 0) return undefined;
  return html`<details class="more">
    <summary>${counted(count, noun)}</summary>
    ${blocks}
  </details>`;
}

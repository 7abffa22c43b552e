import { groupOf } from '../../groups.ts';
import type { Report, ReportRequirement } from '../../report.ts';
import { html, type Markup } from './markup.ts';
import { inOrder, signMark, signOf } from './outcomes.ts';
import { fragment, requirementAnchor } from './places.ts';

/** Every requirement as a cell, by its group; a cell leads to its requirement. */
export function matrixSection({ requirements, totals }: Report): Markup {
  const groups = [...Map.groupBy(requirements, ({ id }) => groupOf(id))];
  const rows = groups.map(
    ([group, rowsOfGroup]) =>
      html`<div class="matrix-row">
        <h3 id="matrix-${group}">${group}</h3>
        <ul class="cells" aria-labelledby="matrix-${group}">
          ${rowsOfGroup.map(cell)}
        </ul>
      </div>`,
  );
  const legend = inOrder(totals.requirements).map(
    ([outcome, count]) => html`<li>${signMark(outcome)} ${outcome} <span class="aside">${count}</span></li>`,
  );
  return html`<section id="matrix" aria-labelledby="matrix-heading">
    <h2 id="matrix-heading">Requirements at a glance</h2>
    <div class="matrix">${rows}</div>
    <ul class="legend">
      ${legend}
      <li><span class="sign round" aria-hidden="true"></span> round: SHOULD, a recommendation</li>
    </ul>
  </section>`;
}

function cell({ id, outcome, level, says }: ReportRequirement): Markup {
  const { tone, sign } = signOf(outcome);
  const name = `${id}, ${level}: ${outcome}`;
  return html`<li>
    <a
      class="cell ${tone}${level === 'SHOULD' && ' round'}"
      href="#${fragment(requirementAnchor(id))}"
      title="${name}. ${says}"
    >
      <span aria-hidden="true">${sign}</span><span class="hidden">${name}</span>
    </a>
  </li>`;
}

import type { CoverageItem } from '../../model.ts';
import { counted } from '../../texts.ts';
import { countEach } from '../../totals.ts';
import { html, type Markup } from './markup.ts';
import { bar, findSign, sortTotals } from './outcomes.ts';

type CoverageKind = CoverageItem['kind'];

const nouns: Readonly<Record<CoverageKind, string>> = {
  status: 'Statuses',
  code: 'Error codes',
  parameter: 'Parameters',
  property: 'Properties',
  'media type': 'Media types',
  constraint: 'Constraints',
};

/** Shows the parts of the contract by their kind, with whether the run reached them. */
export function coverageSection(coverage: readonly CoverageItem[]): Markup {
  const kinds = [...Map.groupBy(coverage, ({ kind }) => kind)].toSorted(([one], [other]) => rank(one) - rank(other));
  return html`<section id="coverage" aria-labelledby="coverage-heading">
    <h2 id="coverage-heading">Coverage of the contract</h2>
    <p class="aside coverage-note">
      A part is met where the run reached it and nothing was wrong. A request reaches a constraint by breaking it, and
      its refusal meets it; an answer reaches a constraint by having a value that it is about.
    </p>
    ${kinds.map(([kind, items]) => kindBlock(kind, items))}
  </section>`;
}

function rank(kind: CoverageKind): number {
  return Object.keys(nouns).indexOf(kind);
}

function kindBlock(kind: CoverageKind, items: readonly CoverageItem[]): Markup {
  const totals = countEach(items.map(({ outcome }) => outcome));
  const owners = [...Map.groupBy(items, ({ of }) => of)];
  const words = sortTotals(totals).map(([outcome, count]) => `${count} ${outcome}`);
  return html`<details class="coverage" ${totals.violated !== undefined && ' open'}>
    <summary>
      <span class="kind">${nouns[kind]}</span>
      ${bar(totals)}
      <span class="aside">${words.join(', ')}</span>
    </summary>
    <table>
      <caption class="hidden">
        ${nouns[kind]} of the contract, and whether the run reached them
      </caption>
      <thead>
        <tr>
          <th scope="col">Of</th>
          <th scope="col">${nouns[kind]}</th>
        </tr>
      </thead>
      <tbody>
        ${owners.map(
          ([of, parts]) =>
            html`<tr>
              <th scope="row">${of}</th>
              <td>
                <ul class="chips">
                  ${parts.map(chip)}
                </ul>
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </details>`;
}

function chip({ name, at, outcome, exchanges }: CoverageItem): Markup {
  const often = exchanges === 0 ? '' : `, in ${counted(exchanges, 'exchange')}`;
  return html`<li class="chip ${findSign(outcome).tone}" title="${outcome}${often}. ${at}">
    <span aria-hidden="true">${findSign(outcome).sign}</span> <code>${name}</code>
    <span class="hidden">${outcome}${often}</span>
    ${exchanges > 0 && html`<span class="times" aria-hidden="true">${exchanges}</span>`}
  </li>`;
}

import type { CoverageItem, CoverageKind } from '../../coverage.ts';
import { html, type Markup } from './markup.ts';
import { bar, counted, inOrder, signOf } from './outcomes.ts';

const nouns: Readonly<Record<CoverageKind, string>> = {
  status: 'Statuses',
  code: 'Error codes',
  parameter: 'Parameters',
  property: 'Properties',
  'media type': 'Media types',
  constraint: 'Constraints',
};

/** Which parts of the contract the run came across, by their kind. */
export function coverageSection(coverage: readonly CoverageItem[]): Markup {
  const kinds = [...Map.groupBy(coverage, ({ kind }) => kind)].toSorted(([one], [other]) => rank(one) - rank(other));
  return html`<section id="coverage" aria-labelledby="coverage-heading">
    <h2 id="coverage-heading">Coverage of the contract</h2>
    <p class="aside coverage-note">
      A part is met where the run came across it and nothing was wrong. A constraint of a request is reached by a
      request that breaks it, and met by its refusal; a constraint of an answer is reached by a value that it is about.
    </p>
    ${kinds.map(([kind, items]) => kindBlock(kind, items))}
  </section>`;
}

function rank(kind: CoverageKind): number {
  return Object.keys(nouns).indexOf(kind);
}

function kindBlock(kind: CoverageKind, items: readonly CoverageItem[]): Markup {
  const totals = countsOf(items);
  const owners = [...Map.groupBy(items, ({ of }) => of)];
  const words = inOrder(totals).map(([outcome, count]) => `${count} ${outcome}`);
  return html`<details class="coverage" ${totals.violated !== undefined && ' open'}>
    <summary>
      <span class="kind">${nouns[kind]}</span>
      ${bar(totals)}
      <span class="aside">${words.join(', ')}</span>
    </summary>
    <table>
      <caption class="hidden">
        ${nouns[kind]} of the contract, and whether the run came across them
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
  return html`<li class="chip ${signOf(outcome).tone}" title="${outcome}${often}. ${at}">
    <span aria-hidden="true">${signOf(outcome).sign}</span> <code>${name}</code>
    <span class="hidden">${outcome}${often}</span>
    ${exchanges > 0 && html`<span class="times" aria-hidden="true">${exchanges}</span>`}
  </li>`;
}

function countsOf(items: readonly CoverageItem[]): Record<string, number> {
  const groups = Map.groupBy(items, ({ outcome }) => outcome);
  return Object.fromEntries([...groups].map(([outcome, all]) => [outcome, all.length]));
}

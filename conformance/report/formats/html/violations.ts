import type { CaseViolation } from '../../../run/result.ts';
import { html, type Markup } from './markup.ts';
import { markedDifference } from './marked-difference.ts';

/** How many violations are shown of an answer that breaks many. */
const shownAtOnce = 6;

/** What was expected and what came, with what differs marked. */
export function violationsTable(violations: readonly CaseViolation[], caption: string): Markup {
  const alike = [...Map.groupBy(violations, ({ at, expected, actual }) => [at, expected, actual].join('\n')).values()];
  const rows = alike.slice(0, shownAtOnce).map((group) => {
    const [{ at, expected, actual }] = group as [CaseViolation];
    const marked = markedDifference(expected, actual);
    const times = group.length > 1 && html` <span class="aside">${group.length} times</span>`;
    return html`<tr>
      <th scope="row"><code>${at}</code></th>
      <td data-label="Expected"><code>${marked.expected}</code></td>
      <td data-label="Came"><code>${marked.actual}</code>${times}</td>
    </tr>`;
  });
  const rest = alike.length - rows.length;
  return html`<table class="violations">
      <caption class="hidden">
        ${caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">Where</th>
          <th scope="col">Expected</th>
          <th scope="col">Came</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
    ${rest > 0 && html`<p class="aside">and ${rest} more</p>`}`;
}

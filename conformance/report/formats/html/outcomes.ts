import type { Totals } from '../../verdict.ts';
import { html, type Markup } from './markup.ts';

/** A sign of an outcome or verdict, shown with its colour so that print and colour-blind readers can tell it. */
interface Sign {
  /** The name of the colours in the style sheet. */
  readonly tone: 'good' | 'bad' | 'warning' | 'known' | 'open' | 'quiet';
  readonly sign: string;
}

const signs: Readonly<Record<string, Sign>> = {
  violated: { tone: 'bad', sign: '✗' },
  fail: { tone: 'bad', sign: '✗' },
  'not conforming': { tone: 'bad', sign: '✗' },
  error: { tone: 'bad', sign: 'E' },
  'nothing verified': { tone: 'open', sign: '?' },
  warned: { tone: 'warning', sign: '!' },
  warn: { tone: 'warning', sign: '!' },
  known: { tone: 'known', sign: 'K' },
  unreached: { tone: 'open', sign: '?' },
  incomplete: { tone: 'open', sign: '?' },
  'not applicable': { tone: 'quiet', sign: '–' },
  excluded: { tone: 'quiet', sign: '·' },
  met: { tone: 'good', sign: '✓' },
  pass: { tone: 'good', sign: '✓' },
  conforming: { tone: 'good', sign: '✓' },
};

/** The outcomes and verdicts, the most important first. */
export const outcomeOrder: readonly string[] = Object.keys(signs);

export function findSign(outcome: string): Sign {
  return signs[outcome] ?? { tone: 'quiet', sign: '–' };
}

/** The sign of an outcome, to be followed by its word. */
export function signMark(outcome: string): Markup {
  const { tone, sign } = findSign(outcome);
  return html`<span class="sign ${tone}" aria-hidden="true">${sign}</span>`;
}

/** An outcome with its sign and its word. */
export function badge(outcome: string): Markup {
  const { tone, sign } = findSign(outcome);
  return html`<span class="badge ${tone}"><span aria-hidden="true">${sign}</span> ${outcome}</span>`;
}

/** Sorts totals, the most important first. */
export function sortTotals(totals: Totals): [string, number][] {
  const rank = ([word]: [string, number]) => outcomeOrder.indexOf(word);
  const rows = Object.entries(totals).map(([word, count = 0]): [string, number] => [word, count]);
  return rows.toSorted((one, other) => rank(one) - rank(other));
}

/** A bar of totals with a legend. */
export function totalsBar(label: string, totals: Totals): Markup {
  const rows = sortTotals(totals);
  const whole = rows.reduce((sum, [, count]) => sum + count, 0);
  const legend = rows.map(([word, count]) => html`<li>${signMark(word)} <b>${count}</b> ${word}</li>`);
  return html`<div class="totals">
    <h3>${whole} ${label}</h3>
    ${bar(totals)}
    <ul class="legend">
      ${legend}
    </ul>
  </div>`;
}

/** The smallest width of a part of a bar, in percent, so that one among many is seen. */
const narrowest = 1.5;

/** A bar of totals, drawn to scale except for parts that would be too narrow to see. */
export function bar(totals: Totals): Markup {
  const rows = sortTotals(totals);
  const whole = rows.reduce((sum, [, count]) => sum + count, 0);
  const shares = rows.map(([, count]) => Math.max((count / whole) * 100, narrowest));
  const scale = 100 / shares.reduce((sum, share) => sum + share, 0);
  const parts = rows.map(([word], index) => {
    const from = shares.slice(0, index).reduce((sum, share) => sum + share, 0) * scale;
    const width = (shares[index] ?? 0) * scale;
    return html`<rect
      class="fill ${findSign(word).tone}"
      x="${from.toFixed(2)}"
      width="${width.toFixed(2)}"
      height="6"
    />`;
  });
  return html`<svg class="scale" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">${parts}</svg>`;
}

import { html, type Markup } from './markup.ts';

/** How an outcome or verdict is shown: by a sign beside its colour, so that it is told in print and by everyone. */
interface Sign {
  /** The name of its colours in the style sheet. */
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

/** How an outcome is shown; one that is not known is quiet. */
export function signOf(outcome: string): Sign {
  return signs[outcome] ?? { tone: 'quiet', sign: '–' };
}

/** The sign of an outcome, which stands beside its word. */
export function signMark(outcome: string): Markup {
  const { tone, sign } = signOf(outcome);
  return html`<span class="sign ${tone}" aria-hidden="true">${sign}</span>`;
}

/** An outcome with its sign and its word. */
export function badge(outcome: string): Markup {
  const { tone, sign } = signOf(outcome);
  return html`<span class="badge ${tone}"><span aria-hidden="true">${sign}</span> ${outcome}</span>`;
}

/** The words of totals with their counts, the most important first. */
export function inOrder(totals: Readonly<Record<string, number>>): [string, number][] {
  const rank = ([word]: [string, number]) => outcomeOrder.indexOf(word);
  return Object.entries(totals).toSorted((one, other) => rank(one) - rank(other));
}

/** A bar of totals with a legend. */
export function totalsBar(label: string, totals: Readonly<Record<string, number>>): Markup {
  const rows = inOrder(totals);
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

/** How wide a part of a bar is at least, in percent, so that a single one among many is seen. */
const narrowest = 1.5;

/** A bar of totals, drawn to scale as far as every part can be seen. */
export function bar(totals: Readonly<Record<string, number>>): Markup {
  const rows = inOrder(totals);
  const whole = rows.reduce((sum, [, count]) => sum + count, 0);
  const shares = rows.map(([, count]) => Math.max((count / whole) * 100, narrowest));
  const scale = 100 / shares.reduce((sum, share) => sum + share, 0);
  const parts = rows.map(([word], index) => {
    const from = shares.slice(0, index).reduce((sum, share) => sum + share, 0) * scale;
    const width = (shares[index] ?? 0) * scale;
    return html`<rect
      class="fill ${signOf(word).tone}"
      x="${from.toFixed(2)}"
      width="${width.toFixed(2)}"
      height="6"
    />`;
  });
  return html`<svg class="scale" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">${parts}</svg>`;
}

/** A number with its noun. */
export function counted(count: number, one: string, several = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : several}`;
}

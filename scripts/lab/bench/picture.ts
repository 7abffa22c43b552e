import type { Chart } from './result.ts';
import { rounded } from './table.ts';

const width = 760;
const nameWidth = 230;
const valueWidth = 130;
const barHeight = 18;
const rowHeight = 26;
const titleHeight = 44;

const style = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; }
  .bar { fill: #8c959f; }
  .own { fill: #0969da; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .bar { fill: #6e7681; }
    .own { fill: #58a6ff; }
  }
`;

/** Draws charts below each other as one SVG, whose bars of this repository's own commands stand out. */
export function pictureOf(charts: readonly Chart[]): string {
  const heights = charts.map(({ bars }) => titleHeight + bars.length * rowHeight);
  const tops = heights.map((_, index) => heights.slice(0, index).reduce((sum, height) => sum + height, 0));
  const height = heights.reduce((sum, one) => sum + one, 0) + 12;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(labelOf(charts))}">`,
    `<style>${style}</style>`,
    ...charts.map((chart, index) => drawn(chart, tops[index] ?? 0)),
    '</svg>\n',
  ].join('\n');
}

function drawn({ title, unit, bars }: Chart, top: number): string {
  const most = Math.max(...bars.map(({ value }) => value));
  const rows = bars.map(({ name, value }, index) => {
    const y = top + titleHeight + index * rowHeight;
    const length = Math.max(1, Math.round(((width - nameWidth - valueWidth) * value) / most));
    const kind = isOwn(name) ? 'bar own' : 'bar';
    return [
      `<text x="${nameWidth - 8}" y="${y + 14}" text-anchor="end">${escaped(name)}</text>`,
      `<rect class="${kind}" x="${nameWidth}" y="${y}" width="${length}" height="${barHeight}" rx="2"/>`,
      `<text x="${nameWidth + length + 6}" y="${y + 14}">${rounded(value)} ${escaped(unit)}</text>`,
    ].join('\n');
  });
  return [`<text class="title" x="8" y="${top + 28}">${escaped(title)}</text>`, ...rows].join('\n');
}

function isOwn(name: string): boolean {
  return name.startsWith('npm run ') || name.startsWith('the suite');
}

function labelOf(charts: readonly Chart[]): string {
  return charts.map(({ title }) => title).join('; ');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

import { describe, expect, test } from 'vitest';
import { field, plainScreen, renderLines, type Screen } from './layout.ts';

const prose = 'A request without sendCallTo is refused with 400 and pc_sendcallto_invalid, whatever else it says.';
const screen = (width: number): Screen => ({ ...plainScreen, width });

describe.each([80, 60, 40])('on %d columns', (width) => {
  test('prose is wrapped between words', () => {
    const lines = renderLines([{ text: prose, indent: 2 }], screen(width)).split('\n');
    expect(lines.filter((line) => line.length > width)).toEqual([]);
    expect(lines.map((line) => line.trim()).join(' ')).toBe(prose);
  });

  test('a field is wrapped to the right of its label, and a word that is too long is cut', () => {
    const long = `{"action":"${'x'.repeat(100)}"}`;
    const lines = renderLines(field('sent', [long]), screen(width)).split('\n');
    expect(lines.filter((line) => line.length > width)).toEqual([]);
    expect(lines.map((line) => line.slice(12)).join('')).toBe(long);
    expect(lines.map((line) => line.slice(0, 12).trim())).toEqual(['sent', ...lines.slice(1).map(() => '')]);
  });

  test('a whole line is not wrapped', () => {
    expect(renderLines([{ text: prose, whole: true }], screen(width))).toBe(prose);
  });
});

test('a terminal that is narrower than forty columns gets lines of forty', () => {
  expect(renderLines([{ text: 'x'.repeat(80) }], screen(1)).split('\n')).toEqual(['x'.repeat(40), 'x'.repeat(40)]);
});

test('nothing in a text acts on the terminal, wrapped or whole', () => {
  const text = '\u001b[2Jgone\r\u202e\u0007';
  for (const line of [{ text }, { text, whole: true as const }, ...field('actual', [text])]) {
    expect(renderLines([line], plainScreen)).toMatch(/^[\x20-\x7e]+$/);
  }
});

test('nothing in a text is a command for a runner of jobs, wrapped or whole', () => {
  const text = `${'x'.repeat(70)} ::stop-commands::x ##[add-mask]y ##vso[task.setvariable variable=PATH]/z`;
  for (const line of [
    { text: text.slice(71) },
    { text: `  ${text.slice(71)}`, whole: true as const },
    ...field('actual', [text]),
  ]) {
    const lines = renderLines([line], { ...plainScreen, width: 80 });
    expect(lines).not.toMatch(/^\s*::/m);
    expect(lines).not.toMatch(/##(?:vso)?\[/);
    expect(lines).toContain('stop-commands::x');
  }
});

test('each line is painted by itself, its label faint', () => {
  const paint: Screen['paint'] = (style, text) => `<${style}>${text.trim()}</>`;
  const painted = renderLines(field('actual', [`${'x'.repeat(28)}y`], 'violated'), { width: 40, paint });
  expect(painted).toBe(`<faint>actual</><violated>${'x'.repeat(28)}</>\n            <violated>y</>`);
});

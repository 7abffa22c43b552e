import { styleText } from 'node:util';
import type { Screen, Style } from '../report/formats/terminal/layout.ts';

const formats: Readonly<Record<Style, Parameters<typeof styleText>[0]>> = {
  violated: ['bold', 'red'],
  warned: ['bold', 'yellow'],
  wanted: 'green',
  strong: 'bold',
  faint: 'gray',
  hint: 'cyan',
};

/**
 * The screen that a stream is: as wide as its terminal, and coloured if it is one. NO_COLOR and FORCE_COLOR are heeded,
 * as Node.js does.
 */
export function screenOf(stream: NodeJS.WriteStream): Screen {
  return {
    width: stream.isTTY ? stream.columns : undefined,
    paint: (style, text) => styleText(formats[style], text, { stream }),
  };
}

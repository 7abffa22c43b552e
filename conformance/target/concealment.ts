import { MadeOfTexts } from './made-of-texts.ts';

/** A way in which a secret may be written, found although its characters are escaped. */
interface Disguise {
  readonly text: string;
  /** How much of it must be there at least: whatever follows of it is concealed too. */
  readonly core: RegExp;
  readonly coreLength: number;
  /** What each further character looks like. */
  readonly rest: readonly RegExp[];
}

/** What stands for a secret, and for the beginning of one. */
export interface Placeholders {
  readonly whole: string;
  readonly beginning: string;
}

/** The shortest secret whose half could not be taken for something else. */
const shortestHalved = 8;

const entities: Readonly<Record<string, string>> = { '&': 'amp', '"': 'quot', "'": 'apos', '<': 'lt', '>': 'gt' };

/** What may stand between two characters where a text was wrapped. */
const wrapping = String.raw`(?:\s|\\[rnt]|%0[ad]|=\r?\n)*`;

/** Enough for anything to be the secret's and nobody else's, in characters. */
const longestCore = 32;

/** Tokens are few, but a server may set another cookie with each answer. */
const disguises = new MadeOfTexts<readonly Disguise[]>({ most: 64 });

/**
 * A text without a secret: as it is or in other letters, percent-encoded, escaped as in JSON, JavaScript or HTML, wrapped,
 * in base64 beside anything else, in hexadecimal digits. At least its first half must be there, if it is long.
 */
export function concealed(text: string, secret: string, placeholders: Placeholders): string {
  if (secret === '') return text;
  return disguises.of(secret, disguisesOf).reduce((rest, disguise) => without(rest, disguise, placeholders), text);
}

/** The first half of a secret. */
export function firstHalf(secret: string): string {
  return secret.slice(0, Math.ceil(secret.length / 2));
}

function disguisesOf(secret: string): Disguise[] {
  const isLong = secret.length >= shortestHalved;
  const plain = disguise(secret, isLong ? firstHalf(secret).length : secret.length, isLong);
  // What is shorter is found in the text of others by chance.
  const inBase64 = base64Forms(secret).filter(({ text }) => text.length >= shortestHalved);
  const hexadecimal = Buffer.from(secret).toString('hex');
  return [
    plain,
    ...inBase64.map(({ text, half }) => disguise(text, half, false)),
    ...(isLong ? [disguise(hexadecimal, hexadecimal.length / 2, true)] : []),
  ];
}

/** A secret in base64: alone, and as a part of something longer, which leaves three ways to write it. */
function base64Forms(secret: string): { text: string; half: number }[] {
  const alone = Buffer.from(secret).toString('base64');
  const half = firstHalf(secret);
  const parts = [0, 1, 2].map((offset) => {
    const text = innerBase64(secret, offset);
    const halfText = innerBase64(half, offset);
    return { text, half: halfText.length >= shortestHalved ? halfText.length : text.length };
  });
  const whole = [alone, alone.replace(/=+$/, '')].map((text) => ({ text, half: text.length }));
  return [...whole, ...parts];
}

/** The digits of base64 that depend on nothing but the secret, if so many bytes come before it. */
function innerBase64(secret: string, offset: number): string {
  const bytes = Buffer.from(`${'\0'.repeat(offset)}${secret}`);
  const digits = bytes.toString('base64').replace(/=+$/, '');
  return digits.slice(offset === 0 ? 0 : offset + 1, bytes.length % 3 === 0 ? undefined : -1);
}

function disguise(text: string, coreLength: number, isLoose: boolean): Disguise {
  const flags = isLoose ? 'gi' : 'g';
  const gap = isLoose ? wrapping : '';
  const characters = [...text];
  const length = Math.min(coreLength, longestCore);
  const core = characters.slice(0, length).map(formsOf).join(gap);
  // A long token has few characters, often.
  const followers = new Map(
    [...new Set(characters)].map((character) => [
      character,
      new RegExp(`${gap}${formsOf(character)}`, flags.replace('g', 'y')),
    ]),
  );
  const rest = characters.slice(length).flatMap((character) => followers.get(character) ?? []);
  return { text, core: new RegExp(core, flags), coreLength: length, rest };
}

/** A pattern of all ways to write a character. */
function formsOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hexadecimal = code
    .toString(16)
    .padStart(2, '0')
    .replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
  const entity = entities[character];
  return `(?:${[
    // The alphabet of base64 for URLs has others for two of its digits.
    character === '+' ? String.raw`[+\-]` : character === '/' ? String.raw`\\*[/_]` : literal(character),
    `%(?:25)*${hexadecimal}`,
    String.raw`\\+(?:u00|x)${hexadecimal}`,
    `&(?:amp;)*#(?:0*${code}|[xX]0*${hexadecimal});`,
    ...(entity === undefined ? [] : [`&(?:amp;)*${entity};`]),
  ].join('|')})`;
}

function literal(character: string): string {
  const escaped = character.replace(/[\\^$.*+?()[\]{}|/-]/, String.raw`\$&`);
  return /["'\\]/.test(character) ? String.raw`\\*${escaped}` : escaped;
}

function without(text: string, { core, coreLength, rest, text: whole }: Disguise, placeholders: Placeholders): string {
  const kept: string[] = [];
  let end = 0;
  core.lastIndex = 0;
  for (let found = core.exec(text); found !== null; found = core.exec(text)) {
    kept.push(text.slice(end, found.index));
    end = core.lastIndex;
    let length = coreLength;
    for (const character of rest) {
      character.lastIndex = end;
      if (!character.test(text)) break;
      end = character.lastIndex;
      length++;
    }
    kept.push(length === whole.length ? placeholders.whole : placeholders.beginning);
    core.lastIndex = end;
  }
  return kept.length === 0 ? text : `${kept.join('')}${text.slice(end)}`;
}

/** A way in which a secret may be written, found although its characters are escaped. */
export interface Disguise {
  readonly text: string;
  /** How many of them must be there at least: whatever follows of it is concealed too. */
  readonly coreLength: number;
  /** How many of them are the whole secret. */
  readonly wholeLength: number;
  /** Whether it may be in other letters and wrapped. */
  readonly isLoose: boolean;
  /** Where in the core a character stands, one bit for each place. */
  readonly placesOf: (code: number) => number;
  /** The same for the characters of ASCII. */
  readonly places: Int32Array;
}

/** The shortest secret whose half could not be taken for something else. */
const shortestHalved = 8;

/** Enough for anything to be the secret's and nobody else's, in characters, and as many as an integer has bits. */
const longestCore = 32;

const ascii = [...Array(128).keys()];
const likenesses = Uint16Array.from(ascii, (code) => likenessAnew(code, false));
const looseLikenesses = Uint16Array.from(ascii, (code) => likenessAnew(code, true));

/** The first half of a secret. */
export function firstHalf(secret: string): string {
  return secret.slice(0, Math.ceil(secret.length / 2));
}

/** All ways in which a secret is looked for. */
export function disguisesOf(secret: string): Disguise[] {
  const isLong = secret.length >= shortestHalved;
  const hexadecimal = Buffer.from(secret).toString('hex');
  return [
    disguise(secret, { core: isLong ? firstHalf(secret).length : secret.length, isLoose: isLong }),
    ...inBase64(secret),
    ...(isLong ? [disguise(hexadecimal, { core: hexadecimal.length / 2, isLoose: true })] : []),
  ];
}

/** What characters have in common that are taken for each other, such as a letter and its capital. */
export function likenessOf(code: number, isLoose: boolean): number {
  return (isLoose ? looseLikenesses : likenesses)[code] ?? likenessAnew(code, isLoose);
}

function likenessAnew(code: number, isLoose: boolean): number {
  const character = String.fromCharCode(code);
  // The alphabet of base64 for URLs has others for two of its digits.
  if (character === '-') return '+'.charCodeAt(0);
  if (character === '_') return '/'.charCodeAt(0);
  return isLoose ? character.toUpperCase().toLowerCase().charCodeAt(0) : code;
}

/** A secret in base64: alone or before something else, and behind something else, which leaves two ways to write it. */
function inBase64(secret: string): Disguise[] {
  const alone = Buffer.from(secret).toString('base64');
  const parts = [0, 1, 2].map((offset) => {
    const text = innerBase64(secret, offset);
    const half = innerBase64(firstHalf(secret), offset).length;
    const core = half >= shortestHalved ? half : text.length;
    // What ends the secret is there if nothing follows it.
    return { text: offset === 0 ? alone : text, core, whole: text.length };
  });
  return (
    parts
      .map((part) =>
        part.whole < shortestHalved ? { ...part, core: part.text.length, whole: part.text.length } : part,
      )
      // What is shorter is found in the text of others by chance.
      .filter(({ whole }) => whole >= shortestHalved)
      .map(({ text, ...extent }) => disguise(text, { ...extent, isLoose: false }))
  );
}

/** The digits of base64 that depend on nothing but the secret, if so many bytes come before it. */
function innerBase64(secret: string, offset: number): string {
  const bytes = Buffer.from(`${'\0'.repeat(offset)}${secret}`);
  const digits = bytes.toString('base64').replace(/=+$/, '');
  return digits.slice(offset === 0 ? 0 : offset + 1, bytes.length % 3 === 0 ? undefined : -1);
}

interface Extent {
  readonly core: number;
  readonly whole?: number;
  readonly isLoose: boolean;
}

function disguise(text: string, { core, whole = text.length, isLoose }: Extent): Disguise {
  const coreLength = Math.min(core, longestCore);
  const places = new Map<number, number>();
  for (let index = 0; index < coreLength; index++) {
    const likeness = likenessOf(text.charCodeAt(index), isLoose);
    places.set(likeness, (places.get(likeness) ?? 0) | (1 << index));
  }
  const placesOf = (code: number) => places.get(likenessOf(code, isLoose)) ?? 0;
  return { text, coreLength, wholeLength: whole, isLoose, placesOf, places: Int32Array.from(ascii, placesOf) };
}

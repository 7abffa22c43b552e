/** Encodings of a secret. They share no code with the redaction that they test. */
const encodings: Readonly<Record<string, (secret: string) => string>> = {
  'as it is': (secret) => secret,
  'percent-encoded': encodeURIComponent,
  'percent-encoded as a whole': (secret) => encodeBytes(secret, (digits) => `%${digits}`),
  'in JSON': (secret) => JSON.stringify(secret).slice(1, -1),
  'in hexadecimal digits': (secret) => encodeBytes(secret, (digits) => digits),
  'in base64': (secret) => Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  'in base64 for URLs': (secret) => Buffer.from(secret).toString('base64url'),
  'in base64 behind Bearer': (secret) =>
    Buffer.from(`Bearer ${secret}`).toString('base64').replace(/=+$/, '').slice(10),
};

const entities = new Map([
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&amp;', '&'],
  ['&quot;', '"'],
]);

/**
 * Returns the encodings in which a text shows eight characters in a row of a secret, or all of a shorter one. Ignores
 * case, and reads entities of markup as what they stand for.
 */
export function findLeaks(secret: string, text: string): string[] {
  const unescaped = text.replaceAll(/&(?:lt|gt|amp|quot);|\\u0000|\0/g, (escape) => entities.get(escape) ?? '');
  const searched = [text.toLowerCase(), unescaped.toLowerCase()];
  return Object.entries(encodings).flatMap(([name, encode]) => {
    const encoded = encode(secret).toLowerCase();
    const pieces = listPieces(encoded, Math.ceil((8 * encoded.length) / secret.length));
    return searched.some((each) => pieces.some((piece) => each.includes(piece))) ? [name] : [];
  });
}

function listPieces(text: string, length: number): string[] {
  const count = Math.max(1, text.length - length + 1);
  return Array.from({ length: count }, (_, start) => text.slice(start, start + length));
}

function encodeBytes(secret: string, encode: (digits: string) => string): string {
  return [...Buffer.from(secret)].map((byte) => encode(byte.toString(16).padStart(2, '0'))).join('');
}

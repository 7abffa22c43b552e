/** Encodings of a secret. They share no code with the redaction that they test. */
const encodings: Readonly<Record<string, (secret: string) => string>> = {
  'as it is': (secret) => secret,
  'percent-encoded': encodeURIComponent,
  'percent-encoded as a whole': (secret) => encodeBytes(secret, (digits) => `%${digits}`),
  'in JSON': (secret) => JSON.stringify(secret).slice(1, -1),
  'in hexadecimal digits': (secret) => encodeBytes(secret, (digits) => digits),
  'in base64': (secret) => Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  'in base64 for URLs': (secret) => Buffer.from(secret).toString('base64url'),
  'in base64 behind Bearer': (secret) => Buffer.from(`Bearer ${secret}`).toString('base64').replace(/=+$/, ''),
};

/** Returns the encodings in which a text shows a secret. Ignores case. */
export function findLeaks(secret: string, text: string): string[] {
  const searched = text.toLowerCase();
  return Object.entries(encodings).flatMap(([name, encode]) =>
    searched.includes(encode(secret).toLowerCase()) ? [name] : [],
  );
}

function encodeBytes(secret: string, encode: (digits: string) => string): string {
  return [...Buffer.from(secret)].map((byte) => encode(byte.toString(16).padStart(2, '0'))).join('');
}

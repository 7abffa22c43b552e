/** Ways to write a secret, none of which shares code with what conceals it. */
const writings: Readonly<Record<string, (secret: string) => string>> = {
  'as it is': (secret) => secret,
  'percent-encoded': encodeURIComponent,
  'percent-encoded as a whole': (secret) => bytesOf(secret, (digits) => `%${digits}`),
  'in JSON': (secret) => JSON.stringify(secret).slice(1, -1),
  'in hexadecimal digits': (secret) => bytesOf(secret, (digits) => digits),
  'in base64': (secret) => Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  'in base64 for URLs': (secret) => Buffer.from(secret).toString('base64url'),
  'in base64 behind Bearer': (secret) => Buffer.from(`Bearer ${secret}`).toString('base64').replace(/=+$/, ''),
};

/** In which ways a text shows a secret, capital letters or not. */
export function leaksOf(secret: string, text: string): string[] {
  const searched = text.toLowerCase();
  return Object.entries(writings).flatMap(([name, write]) =>
    searched.includes(write(secret).toLowerCase()) ? [name] : [],
  );
}

function bytesOf(secret: string, write: (digits: string) => string): string {
  return [...Buffer.from(secret)].map((byte) => write(byte.toString(16).padStart(2, '0'))).join('');
}

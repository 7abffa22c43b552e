import type { Answer, Behaviour, Exchange } from '../servers/plain/behaviour.ts';

/** A change that both implementations can make to their answers. */
export type Sending = Partial<Pick<Behaviour, 'finish' | 'send'>>;

/** Adds headers to every answer. */
export function withHeaders(headersOf: (answer: Answer) => Answer['headers']): Sending {
  return { finish: (answer) => ({ ...answer, headers: { ...answer.headers, ...headersOf(answer) } }) };
}

/** Encodes bodies where the client accepts the encoding. */
export function encoding(name: string, encode: (body: string | Buffer) => Buffer): Sending {
  return {
    finish: (answer, { request }) =>
      answer.body.length > 0 && accepts(request.headers['accept-encoding'], name)
        ? { ...answer, headers: { ...answer.headers, 'content-encoding': name }, body: encode(answer.body) }
        : answer,
  };
}

/** Writes the JSON of bodies in another way. */
export function writingJson(write: (value: unknown) => string): Sending {
  return {
    finish: (answer) =>
      answer.body.length === 0 ? answer : { ...answer, body: write(JSON.parse(String(answer.body))) },
  };
}

/** Sends bodies in chunks of a size. */
export function sendingInPieces(size: number): Sending {
  return {
    send: ({ status, headers: sent, body }, { response }) => {
      response.writeHead(status, sent);
      const bytes = Buffer.from(body);
      for (let start = 0; start < bytes.length; start += size) response.write(bytes.subarray(start, start + size));
      response.end();
    },
  };
}

/** Writes answers to the socket as they are, and ends it. */
export function writing(head: (answer: Answer) => string): (answer: Answer, exchange: Exchange) => void {
  return (answer, { request }) =>
    void request.socket.end(Buffer.concat([Buffer.from(head(answer)), Buffer.from(answer.body)]));
}

/** Formats the header lines of an answer. */
export function headerLines({ headers: sent }: Answer): string {
  return Object.entries(sent)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
}

/** Writes every letter of names and values as an escape sequence. */
export function withLettersEscaped(value: unknown): string {
  return JSON.stringify(value).replaceAll(/[a-z](?=[^"]*")/g, escaped);
}

function accepts(acceptEncoding: unknown, name: string): boolean {
  return String(acceptEncoding ?? '')
    .split(/\s*,\s*/)
    .includes(name);
}

function escaped(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

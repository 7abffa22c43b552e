import { connect, type Socket } from 'node:net';
import { Client, type Dispatcher } from 'undici';
import { schemaValidator } from '../../contract/schemas.ts';
import type { Contract, MediaType } from '../../contract/contract.ts';
import { isObject, type JsonObject, type JsonValue } from '../../contract/json.ts';

/** A request of a test. A body that is not bytes is sent as JSON. */
export interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly body?: JsonValue | Buffer | AsyncIterable<Buffer>;
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
}

export interface Received {
  readonly status: number;
  readonly headers: Dispatcher.ResponseData['headers'];
  readonly text: string;
  readonly body: JsonObject;
}

export const callPath = '/uapi/phoneCalls/12/0003*210/b817d2618fe6f1804333';
export const transferBody = { action: 'Transfer', sendCallTo: '3235742879', transferFromNumber: '0003*024' };
export const authorized = { authorization: 'Bearer any-token', 'content-type': 'application/json' };

/** Sends a request exactly as it is written. Parts left out are those of a valid transfer. */
export async function send(url: string, sent: Sent = {}): Promise<Received> {
  const { method = 'PUT', path = callPath, headers } = sent;
  const body = method === 'PUT' && !('body' in sent) ? transferBody : sent.body;
  const client = new Client(url);
  try {
    const response = await client.request({
      method: method as Dispatcher.HttpMethod,
      path,
      // Headers that are undefined are left out.
      headers: JSON.parse(JSON.stringify({ ...authorized, ...headers })),
      body: body === undefined ? null : isBytes(body) ? body : JSON.stringify(body),
    } as Dispatcher.RequestOptions);
    const text = await response.body.text();
    return { status: response.statusCode, headers: response.headers, text, body: text === '' ? {} : JSON.parse(text) };
  } finally {
    await client.destroy();
  }
}

/** Sends bytes and reads until the server closes the connection. */
export async function speak(url: string, ...said: (string | Buffer)[]): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  for (const bytes of said) socket.write(bytes);
  await closing(socket);
  return Buffer.concat(chunks).toString('latin1');
}

/** Resolves when a connection is closed, by a reset too. */
export function closing(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => socket.on('error', () => socket.destroy()).once('close', resolve));
}

/** Returns the status and code of a refusal in the documented shape, or says what is wrong with the shape. */
export function formatRefusal({ status, headers, body }: Received): string {
  const error = isObject(body.error) ? body.error : {};
  if (headers['content-type'] !== 'application/json') return `no JSON: ${String(headers['content-type'])}`;
  const members = [Object.keys(body), Object.keys(error), typeof error.message].join(' ');
  return members === 'error code,message string' ? `${status} ${String(error.code)}` : `no error: ${members}`;
}

/** Reads a call back and returns the destinations that it shows. */
export async function readDestinations(url: string, path: string = callPath): Promise<JsonValue[]> {
  const { body } = await send(url, { method: 'GET', path });
  const views = Array.isArray(body.phoneCallView) ? body.phoneCallView.filter(isObject) : [];
  return views.map(({ destination }) => destination ?? null);
}

/** Lists what an answer breaks: its status, media type and body must be those of one documented response. */
export function createBreachFinder(contract: Contract): (received: Received) => string[] {
  const validate = schemaValidator(contract);
  const documented = Map.groupBy(
    contract.operations.flatMap(({ responses }) => responses),
    ({ status }) => status,
  );
  const listContentBreaches = ({ headers, text, body }: Received, content: MediaType | undefined): string[] => {
    if (content === undefined) return text === '' ? [] : ['a body, but none is documented'];
    if (headers['content-type'] !== content.name) return [`the media type ${String(headers['content-type'])}`];
    if (Number(headers['content-length']) !== Buffer.byteLength(text)) return ['the length'];
    return validate(content.schemaPointer, body).map(({ at, expected }) => `${at}: not ${expected}`);
  };
  return (received) => {
    const responses = documented.get(String(received.status)) ?? [];
    const breaches = responses.map(({ content }) => listContentBreaches(received, content[0]));
    const [closest] = breaches.toSorted((one, other) => one.length - other.length);
    return closest ?? [`the status ${received.status}`];
  };
}

function isBytes(body: unknown): boolean {
  return Buffer.isBuffer(body) || (typeof body === 'object' && body !== null && Symbol.asyncIterator in body);
}

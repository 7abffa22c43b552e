import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { describe, expect, test } from 'vitest';
import { makeCertificates } from '../../../scripts/lab/servers/surroundings/certificates.ts';
import { startTlsFront } from '../../../scripts/lab/servers/surroundings/tls-front.ts';
import type { TlsSettings } from '../../target/transport-settings.ts';
import type { CallContext } from '../call-source.ts';
import voipNow from './voipnow.ts';
import { closeAfterTest, listenForTest, serveConsuming } from '../../testing/servers.ts';

const parties = { extension: '0003*210', from: '0003*024', number: '4155550100' };

function contextFor(baseUrl: string, changes: Partial<CallContext> = {}): CallContext {
  const signal = AbortSignal.timeout(5000);
  const tokenInstead = async () => undefined;
  return {
    baseUrl,
    token: 'proof-token',
    tokenInstead,
    user: '12',
    ...parties,
    otherExtension: false,
    signal,
    ...changes,
  };
}

/** Starts a server, and keeps the requests that it received. */
async function serverThat(answers: (request: IncomingMessage) => [status: number, body: unknown]) {
  const received: IncomingMessage[] = [];
  const listener: RequestListener = (request, response) => {
    received.push(request);
    const [status, body] = answers(request);
    response.writeHead(status, { location: '/elsewhere' }).end(JSON.stringify(body));
  };
  const requests = () => received.map(({ method, url }) => `${method} ${url?.replace(/\?.*/, '')}`);
  return { url: `${await listenForTest(createServer(listener))}/pbx`, received, requests };
}

const placed = [{ id: 'b817', extension: parties.extension }];
const withStatus = (status: unknown) => ({ ...placed[0], phoneCallView: [{ id: '01', status }] });
const refusal = (code: string) => ({ error: { code, message: 'No.' } });

describe('a call', () => {
  test('is placed between the parties, waited for, and hung up', async () => {
    const server = await serveConsuming();
    const context = contextFor(server.url);
    const call = await voipNow.place(context);
    expect(call).toEqual({ user: '12', ...parties, call: server.calls.ids.at(-1) });
    const [own] = server.calls.of(parties.extension).filter(({ id }) => id === call.call);
    expect(own).toMatchObject({ source: ['4155550100'], destination: ['0003*024'] });
    expect(own && server.calls.isTransferable(own)).toBe(true);
    await voipNow.end(call, context);
    expect(server.calls.ids).not.toContain(call.call);
    await voipNow.end(call, context);
  });

  test.each([
    ['an array', placed, 5],
    ['a list', { entry: placed }, '5'],
    ['a PhoneCall', placed[0], 5],
  ])('is found in %s', async (_, body, status) => {
    const { url, received } = await serverThat(({ method }) =>
      method === 'POST' ? [202, body] : [200, { entry: [withStatus(status)] }],
    );
    expect(await voipNow.place(contextFor(url))).toMatchObject({ call: 'b817' });
    const query = '?waitForPickup=25&callDuration=600&allowPublicTransfer=true';
    expect(received[0]?.url).toBe(`/pbx/uapi/phoneCalls/12/simple${query}`);
    expect(received[0]?.headers.authorization).toBe('Bearer proof-token');
  });

  test('that nobody picks up is hung up', async () => {
    const { url, requests } = await serverThat(({ method }) =>
      method === 'POST' ? [200, placed] : [200, withStatus('3')],
    );
    const signal = AbortSignal.timeout(300);
    await expect(voipNow.place(contextFor(url, { signal }))).rejects.toThrow(/abort/);
    expect(requests().at(-1)).toBe('DELETE /pbx/uapi/phoneCalls/12/0003*210/b817');
  });

  test('that is refused for its token is placed with another', async () => {
    const { url, received } = await serverThat(({ method, headers }) => {
      if (headers.authorization !== 'Bearer new') return [403, refusal('access_denied')];
      return method === 'POST' ? [200, placed] : [200, withStatus('5')];
    });
    await voipNow.place(contextFor(url, { tokenInstead: async () => 'new' }));
    expect(received.map(({ headers }) => headers.authorization).slice(0, 2)).toEqual([
      'Bearer proof-token',
      'Bearer new',
    ]);
  });
});

test('an answer without end is not read', async () => {
  const server = createServer((_, response) => {
    const timer = setInterval(() => response.write('x'.repeat(100_000)), 1);
    response.on('close', () => clearInterval(timer));
  });
  await expect(voipNow.place(contextFor(await listenForTest(server)))).rejects.toThrow(
    /^The body is longer than \d+ bytes, the limit: /,
  );
});

test('a call is placed where the certificates of the run are trusted', async () => {
  const { ca, server: own } = await makeCertificates();
  const server = await serveConsuming();
  const front = closeAfterTest(await startTlsFront(server.url, own));
  const place = (tls: TlsSettings) => voipNow.place(contextFor(front.url, { transport: { tls } }));
  expect(await place({ ca })).toMatchObject({ user: '12' });
  await expect(place({})).rejects.toThrow(/certificate/);
});

describe('one reason for', () => {
  test.each([
    ['a refusal', 400, refusal('extension_invalid'), '400 extension_invalid'],
    ['a redirect', 307, placed, '307'],
    ['an answer without an id', 200, [{}], '200 without the id of a call'],
    ['an id that is a path', 200, [{ id: '../../..' }], '200 without the id of a call'],
    ['an id that collapses', 200, [{ id: '..' }], '200 without the id of a call'],
    ['no JSON', 200, undefined, '200 without the id of a call'],
  ])('%s', async (_, status, body, came) => {
    const { url, requests } = await serverThat(() => [status, body]);
    await expect(voipNow.place(contextFor(url))).rejects.toThrow(`placing a call was answered with ${came}`);
    expect(requests()).toEqual(['POST /pbx/uapi/phoneCalls/12/simple']);
  });

  test('a call that ends before it is live', async () => {
    const { url } = await serverThat(({ method }) =>
      method === 'POST' ? [200, placed] : [400, refusal('pc_phoncall_invalid')],
    );
    await expect(voipNow.place(contextFor(url))).rejects.toThrow(
      'the call ended before it was live (400 pc_phoncall_invalid)',
    );
  });

  test('a call that cannot be hung up', async () => {
    const { url } = await serverThat(() => [500, refusal('internal_server_error')]);
    const ending = voipNow.end({ ...parties, user: '12', call: 'b817' }, contextFor(url));
    await expect(ending).rejects.toThrow('hanging up was answered with 500 internal_server_error');
  });

  test('parties that are not named, with nothing sent', async () => {
    const { url, received } = await serverThat(() => [200, placed]);
    await expect(voipNow.place(contextFor(url, { from: undefined }))).rejects.toThrow(
      'with --extension, --number and --from',
    );
    await expect(voipNow.place(contextFor(url, { otherExtension: true }))).rejects.toThrow('VOIPNOW_OTHER_EXTENSION');
    expect(received).toEqual([]);
  });
});

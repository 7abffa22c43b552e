import { beforeEach, describe, expect, test } from 'vitest';
import { getHttpOperationsFromSpec } from '@stoplight/prism-http';
import { fileURLToPath } from 'node:url';
import { operationById, readContract } from '../contract/contract.ts';
import { contractWith } from '../testing/edited-contract.ts';
import {
  createBreachFinder,
  callPath,
  formatRefusal,
  readDestinations,
  send,
  transferBody,
} from './testing/conversation.ts';
import { closeAfterTest } from '../testing/servers.ts';
import { startMock, type Mock } from './mock.ts';

const contract = readContract();
const other = '/uapi/phoneCalls/12/0003*210/c4d90aa1b7e25f604418';
const ofAnotherExtension = '/uapi/phoneCalls/12/0003*211/9f3e51d07ab8426c1177';
const breaches = createBreachFinder(contract);

let mock: Mock;
beforeEach(async () => {
  mock = closeAfterTest(await startMock({ contract }));
});

describe('a transfer', () => {
  test('moves the call, and no other', async () => {
    expect(await readDestinations(mock.url)).toEqual([['0003*024']]);
    const answer = await send(mock.url);
    expect([answer.status, breaches(answer)]).toEqual([200, []]);
    expect(answer.body).toEqual({ id: 'b817d2618fe6f1804333', extension: '0003*210', link: { self: callPath } });
    expect(await readDestinations(mock.url)).toEqual([['3235742879']]);
    expect(await readDestinations(mock.url, other)).toEqual([['4155550100']]);
  });

  test('names the new number in the caller’s id', async () => {
    await send(mock.url, { body: { ...transferBody, sendCallTo: '+13235742879' } });
    const { body } = await send(mock.url, { method: 'GET' });
    expect(body.phoneCallView).toMatchObject([{ callerId: 'John Doe <+13235742879>', destination: ['+13235742879'] }]);
  });

  test('does what each example of a request says', async () => {
    const examples = operationById(contract, 'transferPhoneCall').body?.content[0]?.examples ?? new Map();
    expect(examples.size).toBeGreaterThan(3);
    for (const body of examples.values()) {
      expect((await send(mock.url, { body })).status).toBe(200);
      // The source or the destination leaves, whichever transfers the call.
      expect((await send(mock.url, { method: 'GET' })).text).toContain(JSON.stringify(body.sendCallTo));
    }
  });
});

describe('the call is found', () => {
  test.each([
    ['with everything encoded', '/uapi/phoneCalls/%40me/%40self/b817d2618fe6f180433%33'],
    ['with a doubled slash at the start', `/${callPath}`],
    ['with a query that means nothing', `${callPath}?when=now&%zz`],
    ['by an absolute target', `http://example.org/${callPath}`],
  ])('%s', async (_, path) => {
    const answer = await send(mock.url, { path });
    expect(answer.body).toEqual({ id: 'b817d2618fe6f1804333', extension: '0003*210', link: { self: callPath } });
    expect((await send(mock.url, { method: 'GET', path })).body.link).toEqual({ self: callPath });
    expect(await readDestinations(mock.url)).toEqual([['3235742879']]);
  });

  test('whatever form its example has', async () => {
    for (const path of [other, ofAnotherExtension]) {
      const answer = await send(mock.url, { method: 'GET', path });
      expect([answer.status, breaches(answer)]).toEqual([200, []]);
      expect(answer.body.id).toBe(path.split('/').at(-1));
    }
  });
});

describe('a transfer of all calls', () => {
  test('of an extension with several lists them', async () => {
    const answer = await send(mock.url, { path: '/uapi/phoneCalls/12/0003*210' });
    expect([answer.status, breaches(answer)]).toEqual([200, []]);
    expect(answer.body).toEqual({
      entry: [callPath, other].map((self) => {
        return { id: self.split('/').at(-1), extension: '0003*210', link: { self } };
      }),
    });
    expect(await readDestinations(mock.url, other)).toEqual([['3235742879']]);
    expect(await readDestinations(mock.url, ofAnotherExtension)).toEqual([['0003*211']]);
  });

  test('of an extension with one answers that call', async () => {
    const answer = await send(mock.url, { path: '/uapi/phoneCalls/12/0003*211/' });
    expect([answer.status, breaches(answer)]).toEqual([200, []]);
    expect(answer.body).toMatchObject({ id: '9f3e51d07ab8426c1177', link: { self: ofAnotherExtension } });
  });

  test('of an extension with none answers nothing', async () => {
    const answer = await send(mock.url, { path: '/uapi/phoneCalls/12/0003*024/' });
    expect([answer.status, answer.text, answer.headers['content-type']]).toEqual([204, '', undefined]);
  });

  test('of every extension moves them all', async () => {
    const answer = await send(mock.url, { path: '/uapi/phoneCalls/@me/@self/' });
    expect(answer.body.entry).toHaveLength(mock.calls.length);
    expect(await readDestinations(mock.url, ofAnotherExtension)).toEqual([['3235742879']]);
  });
});

describe('a mock', () => {
  test('knows further calls, by number or by id', async () => {
    const many = closeAfterTest(await startMock({ contract, extraCalls: 10 }));
    const named = closeAfterTest(await startMock({ contract, extraCalls: ['first1', 'second2'] }));
    expect(new Set(many.calls.map(({ phoneCallId }) => phoneCallId)).size).toBe(mock.calls.length + 10);
    for (const { link, phoneCallId } of many.calls) {
      const { status, body } = await send(many.url, { method: 'GET', path: link });
      expect([status, body.id, phoneCallId]).toEqual([200, phoneCallId, expect.stringMatching(/^[A-Za-z0-9]+$/)]);
    }
    expect(named.calls.slice(-2).map(({ phoneCallId }) => phoneCallId)).toEqual(['first1', 'second2']);
    expect((await send(named.url, { path: '/uapi/phoneCalls/12/0003*210/second2' })).body.id).toBe('second2');
  });

  test('answers a failure of its own as the contract does', async () => {
    const lines: string[] = [];
    const failing = closeAfterTest(await startMock({ contract, log: (line) => lines.push(line) }));
    const call = failing.calls[0];
    Object.defineProperty(call, 'phoneCall', { get: () => expect.unreachable() });
    expect(formatRefusal(await send(failing.url))).toBe('500 internal_server_error');
    expect(lines.join()).toContain(`PUT ${callPath} → 500 internal_server_error: `);
  });

  test('says in one line when what was asked, what answered and why', async () => {
    const lines: string[] = [];
    const logging = closeAfterTest(await startMock({ contract, tokens: ['secret'], log: (line) => lines.push(line) }));
    const headers = { authorization: 'Bearer secret' };
    await send(logging.url, { headers });
    await send(logging.url, { headers, body: {} });
    await send(logging.url, { headers, body: { ...transferBody, transferFromNumber: 'no\u001Bne' } });
    await send(logging.url, { headers, path: callPath.replace('12', 'a%20b') });
    await send(logging.url, { headers, path: `${callPath}0?%1B` });
    await send(logging.url, { headers, path: '/uapi' });
    await send(logging.url);
    expect(lines.join('\n')).not.toMatch(/secret|any-token/);
    expect(lines.join('')).not.toContain('\u001B');
    const said = lines.map((line) => line.replace(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z /, '').replaceAll(callPath, 'CALL'));
    expect(said).toEqual([
      'PUT CALL → 200 OK',
      'PUT CALL → 400 pc_sendcallto_invalid: sendCallTo is missing',
      expect.stringMatching(
        /^PUT CALL → 400 pc_transfer_from_number_invalid: transferFromNumber "no\\u001bne" must match pattern /,
      ),
      expect.stringMatching(/→ 400 user_invalid: path parameter userId "a b" must match pattern /),
      'PUT CALL0?%1B → 400 pc_phoncall_invalid: phoneCallId "b817d2618fe6f18043330" is unknown',
      'PUT /uapi → 501 request_not_implemented: the contract has no such operation',
      'PUT CALL → 401 access_denied: the token is not accepted',
    ]);
  });

  test('refuses an address that is taken', async () => {
    await expect(startMock({ contract, port: Number(new URL(mock.url).port) })).rejects.toThrow('EADDRINUSE');
  });
});

test('stock Prism reads the contract as it is written', async () => {
  const file = fileURLToPath(new URL('../../spec/openapi.yaml', import.meta.url));
  const operations = await getHttpOperationsFromSpec(file);
  expect(operations.map(({ iid }) => iid).toSorted()).toEqual(contract.operations.map(({ id }) => id).toSorted());
});

test.each(['/pbx', '/other/7', ''])('the mock answers below the path %o of a server', async (base) => {
  const contract = contractWith({
    '/servers': [
      {
        url: 'https://{host}:{port}/{tenant}',
        variables: { host: { default: 'a.test' }, port: { default: '443' }, tenant: { default: 'pbx' } },
      },
      { url: '/other/{version}/', variables: { version: { default: '7' } } },
    ],
  });
  await mock.serve(contract);
  const headers = { authorization: 'Bearer token' };
  const read = (path: string) => fetch(`${mock.url}${base}${path}`, { headers }).then(({ status }) => status);
  expect(await read('/uapi/phoneCalls/12/0003*210/b817d2618fe6f1804333')).toBe(200);
  expect(await read('/uapi/phoneCalls/12/0003*210/none')).toBe(400);
  expect(await read('/uapi/others')).toBe(501);
});

import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest';

import { readContract } from '../../../conformance/contract/contract.ts';
import { startMock, type Mock } from '../../../conformance/mock/mock.ts';
import {
  createTransferClient,
  phoneCallsOf,
  transferEveryPhoneCallOfTheExtension,
  type TransferClient,
  type TransferClientOptions,
} from './index.ts';

const call = { userId: '12', extension: '0003*210', phoneCallId: 'b817d2618fe6f1804333' };
const transfer = { ...call, sendCallTo: '3235742879', transferFromNumber: '0003*024' };

let mock: Mock;
let sent: Request[];
let client: TransferClient;
beforeEach(async () => {
  mock = await startMock({ contract: readContract(), tokens: ['valid', 'renewed'] });
  sent = [];
  client = clientWith({});
});
afterEach(() => mock.close());

function clientWith(options: Partial<TransferClientOptions>, prefer?: string): TransferClient {
  const fetch = (request: Request): Promise<Response> => {
    sent.push(request);
    if (prefer !== undefined) request.headers.set('prefer', prefer);
    return globalThis.fetch(request);
  };
  return createTransferClient({ baseUrl: mock.url, token: 'valid', fetch, ...options });
}

function having<Answer extends { status: number }, const Status>(
  status: Status,
  answer: Answer,
): Extract<Answer, { status: Status }> {
  expect(answer.status).toBe(status);
  return answer as Extract<Answer, { status: Status }>;
}

describe('a transfer', () => {
  test('moves the call, as reading it shows', async () => {
    const answer = having(200, await client.transferPhoneCall(transfer));
    expect(answer).toMatchObject({ ok: true, data: { id: call.phoneCallId, extension: call.extension } });
    const read = having(200, await client.getPhoneCall(call));
    expect(phoneCallsOf(read.data)).toMatchObject([{ phoneCallView: [{ destination: ['3235742879'] }] }]);
  });

  test('that is refused has the documented code, whose type follows from the status', async () => {
    const answer = having(400, await client.transferPhoneCall({ ...transfer, sendCallTo: 'nobody' }));
    expect([answer.ok, answer.error.code]).toEqual([false, 'pc_sendcallto_invalid']);
    expectTypeOf(answer.error.code).toEqualTypeOf<
      | 'pc_phoncall_invalid'
      | 'pc_sendcallto_invalid'
      | 'pc_transfer_from_number_invalid'
      | 'pc_transfer_number_invalid'
      | 'user_invalid'
      | 'extension_invalid'
    >();
  });

  test('that is answered with nothing has no data', async () => {
    const answer = having(204, await clientWith({}, 'code=204').transferPhoneCall(transfer));
    expect(Object.keys(answer).sort()).toEqual(['ok', 'response', 'status']);
    expectTypeOf(answer.data).toEqualTypeOf<undefined>();
  });

  test.each([202, 500, 501])('that is answered with %i is an answer, no exception', async (status) => {
    expect(await clientWith({}, `code=${status}`).transferPhoneCall(transfer)).toMatchObject({ status });
  });
});

describe('a token', () => {
  test('is asked for before each request', async () => {
    const tokens = ['valid', 'renewed'];
    const renewing = clientWith({ token: () => Promise.resolve(tokens.shift() ?? 'none') });
    await renewing.getPhoneCall(call);
    await renewing.getPhoneCall(call);
    expect(sent.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer valid', 'Bearer renewed']);
  });

  test.each([
    ['is fixed', 'expired'],
    ['stays the same', () => 'expired'],
  ])('that is refused and %s is not sent again', async (_, token) => {
    expect(await clientWith({ token }).transferPhoneCall(transfer)).toMatchObject({ status: 401, ok: false });
    expect(sent).toHaveLength(1);
  });
});

describe('what a caller adds to a request is not sent:', () => {
  const strays = { action: 'BargeIn', phoneCallViewId: '1', foo: {} };
  const body = { action: 'Transfer', sendCallTo: transfer.sendCallTo, transferFromNumber: transfer.transferFromNumber };

  test.each<[string, (options: TransferClientOptions) => Promise<unknown>]>([
    ['one call', (options) => createTransferClient(options).transferPhoneCall({ ...transfer, ...strays })],
    ['every call', (options) => transferEveryPhoneCallOfTheExtension(options, { ...transfer, ...strays })],
  ])('%s', async (_, send) => {
    const bodies: unknown[] = [];
    const fetch = async (request: Request): Promise<Response> => {
      bodies.push(await request.json());
      return new Response(null, { status: 204 });
    };
    await send({ baseUrl: mock.url, token: 'valid', fetch });
    expect(bodies).toEqual([body]);
  });
});

test('every call of the extension is moved', async () => {
  const answer = await transferEveryPhoneCallOfTheExtension(
    { baseUrl: mock.url, token: 'valid' },
    { userId: '12', extension: '0003*210', sendCallTo: '0003*100', transferFromNumber: '0003*210' },
  );
  expect(answer).toMatchObject({
    status: 200,
    data: { entry: [{ id: 'b817d2618fe6f1804333' }, { id: 'c4d90aa1b7e25f604418' }] },
  });
});

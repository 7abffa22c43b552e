import { startMock, type Mock } from 'transfer-conformance/mock';
import { createTransferClient, phoneCallsOf, type TransferClient } from 'transfer-contract';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { sendToFirst } from './send-to-first.ts';

const call = { extension: '0003*210', phoneCallId: 'b817d2618fe6f1804333', transferFromNumber: '0003*024' };

let mock: Mock;
let client: TransferClient;
beforeEach(async () => {
  mock = await startMock({ tokens: ['valid'] });
  client = createTransferClient({ baseUrl: mock.url, token: 'valid' });
});
afterEach(() => mock.close());

test('a call goes to the first number that is one', async () => {
  expect(await sendToFirst(client, call, ['reception', '0003*100', '3235742879'])).toBe('0003*100');
  const answer = await client.getPhoneCall({ userId: '@me', ...call });
  expect(answer).toMatchObject({ status: 200 });
  const destinations = 'data' in answer ? phoneCallsOf(answer.data).map(({ phoneCallView }) => phoneCallView) : [];
  expect(destinations).toMatchObject([[{ destination: ['0003*100'] }]]);
});

test('a call that has ended goes nowhere', async () => {
  expect(await sendToFirst(client, { ...call, phoneCallId: 'a0' }, ['0003*100'])).toBeUndefined();
});

test('a token that is refused is an error', async () => {
  const stranger = createTransferClient({ baseUrl: mock.url, token: 'stolen' });
  await expect(sendToFirst(stranger, call, ['0003*100'])).rejects.toThrow('no valid token');
});

test('a failure of the telephone system is an error, and the call stays', async () => {
  mock.answerNext({ status: 500 });
  await expect(sendToFirst(client, call, ['0003*100'])).rejects.toThrow(/./);
  expect(mock.requests).toMatchObject([{ operation: 'transferPhoneCall', status: 500 }]);
  expect(mock.calls[0]?.phoneCall).toMatchObject({ phoneCallView: [{ destination: ['0003*024'] }] });
});

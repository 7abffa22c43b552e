const { createTransferClient, UnsafeParameterError } = require('transfer-contract');
const { requestProblems } = require('transfer-contract/validators');

const call = { userId: '12', extension: '0003*210', phoneCallId: 'b817d2618fe6f1804333' };
const transfer = { ...call, sendCallTo: '3235742879', transferFromNumber: '0003*024' };

test('a call is moved', async () => {
  const client = createTransferClient({ baseUrl: process.env.BASE_URL, token: 'token' });
  expect(await client.transferPhoneCall(transfer)).toMatchObject({ ok: true, data: { id: call.phoneCallId } });
  await expect(client.getPhoneCall({ ...call, phoneCallId: '..' })).rejects.toThrow(UnsafeParameterError);
  expect(requestProblems('getPhoneCall', { path: call })).toEqual([]);
});

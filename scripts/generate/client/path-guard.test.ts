import { describe, expect, test } from 'vitest';

import { readContract } from '../../../conformance/contract/contract.ts';
import { createTransferClient } from './create-transfer-client.ts';
import { UnsafeParameterError } from './errors.ts';
import { guardPath } from './path-guard.ts';
import { transferEveryPhoneCallOfTheExtension } from './transfer-every-phone-call.ts';

const options = {
  baseUrl: 'http://127.0.0.1:9',
  token: 'token',
  fetch: (): never => expect.unreachable('something was sent'),
};
const path = { userId: '12', extension: '0003*210', phoneCallId: 'b817d2618fe6f1804333' };
const parties = { sendCallTo: '3235742879', transferFromNumber: '0003*024' };

const unsafe: readonly unknown[] = [
  ['', '.', '..', '/', 'a/b', '../12', '\\', '%2e', '%2E%2e', '%2f', '%252e%252e', '%', ' ', '\t', 'a\n', '\0'],
  ['..;', ';', 'a;b', '?', 'a?b', '#', 'a#', '\u2024', '\u2025', '\uff0e\uff0e', '\uff0f', '\u200b', '\u00a0', 'ä'],
  [undefined, null, 12, {}, ['a']],
].flat();

describe.each(['userId', 'extension', 'phoneCallId'])('nothing is sent whose %s is', (name) => {
  test.each(unsafe)('%j', async (value) => {
    const client = createTransferClient(options);
    const broken = { ...path, [name]: value };
    const refused = expect.objectContaining({ name: 'UnsafeParameterError', parameter: name });
    await expect(client.transferPhoneCall({ ...broken, ...parties })).rejects.toEqual(refused);
    await expect(client.getPhoneCall(broken)).rejects.toEqual(refused);
  });
});

test.each(['', '..', '@self/x'])(
  'nothing is sent to an extension %j whose calls are all to be transferred',
  async (extension) => {
    const request = { userId: '12', extension, ...parties };
    await expect(transferEveryPhoneCallOfTheExtension(options, request)).rejects.toThrow(UnsafeParameterError);
  },
);

test('whoever leaves the call’s id out is told what would have happened', () => {
  expect(() => guardPath({ ...path, phoneCallId: '' })).toThrow(UnsafeParameterError);
  expect(() => guardPath({ ...path, phoneCallId: '' })).toThrow(
    /^phoneCallId must be .* but is "": .* was not sent\.$/,
  );
});

test('every example of a path parameter passes', () => {
  const parameters = readContract().operations.flatMap((operation) => operation.parameters);
  const examples = parameters.flatMap(({ name, examples }) =>
    [...examples.values()].map((value) => ({ [name]: value })),
  );
  expect(examples.length).toBeGreaterThan(6);
  for (const example of [...examples, { userId: 'domain:login-1.a_b' }]) expect(() => guardPath(example)).not.toThrow();
});

import { expect, test } from 'vitest';

import { readContract } from '../../../conformance/contract/contract.ts';
import { startMock } from '../../../conformance/mock/mock.ts';
import { transferEveryPhoneCallOfTheExtension } from './transfer-every-phone-call.ts';

test('every call of the extension is moved', async () => {
  const mock = await startMock({ contract: readContract() });
  try {
    const answer = await transferEveryPhoneCallOfTheExtension(
      { baseUrl: mock.url, token: 'token' },
      { userId: '12', extension: '0003*210', sendCallTo: '0003*100', transferFromNumber: '0003*210' },
    );
    expect(answer).toMatchObject({
      status: 200,
      data: { entry: [{ id: 'b817d2618fe6f1804333' }, { id: 'c4d90aa1b7e25f604418' }] },
    });
  } finally {
    await mock.close();
  }
});

import { expect, test } from 'vitest';
import { sampleCase, sampleExchange, sampleReport } from '../testing/samples.ts';
import { harReport } from './har.ts';

test('report.har has every exchange of every case, those without an answer too', () => {
  const failed = {
    request: { ...sampleExchange.request, path: '/api/calls?limit=1', body: undefined },
    failure: { kind: 'closed', message: 'The connection was closed.' },
  } as const;
  const report = sampleReport([sampleCase('fail'), sampleCase('pass', { exchanges: [sampleExchange, failed] })]);
  expect(JSON.parse(harReport(report))).toMatchObject({
    log: {
      version: '1.2',
      creator: { name: 'transfer-contract' },
      entries: [
        {
          comment: 'body/number/fail: refuses what is no number',
          request: { method: 'PUT', postData: { mimeType: 'application/json', text: '{"number":"abc"}' } },
          response: { status: 200, content: { size: 2, text: '{}' } },
        },
        { response: { status: 200 } },
        {
          request: {
            url: 'https://pbx.example.com/api/calls?limit=1',
            queryString: [{ name: 'limit', value: '1' }],
            headers: expect.arrayContaining([{ name: 'authorization', value: 'Bearer $CONFORMANCE_TOKEN' }]) as unknown,
          },
          response: { status: 0, comment: 'The connection was closed.' },
        },
      ],
    },
  });
});

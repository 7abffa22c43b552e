import type { RunDescription } from './report.ts';

/** What a report says of a run that is made up by a test. */
export const describedRun: RunDescription = {
  tool: { name: 'transfer-contract', version: '0.1.0' },
  contract: { title: 'Transfer PhoneCalls', version: '0.1.0', sha256: 'c0ffee', source: 'spec/openapi.yaml' },
  lines: { '/components/schemas/Number': 17 },
  target: { name: 'https://pbx.example.com/api', origin: 'https://pbx.example.com' },
  settings: { profiles: ['core'], only: [], strict: false, concurrency: 8, timeout: 5000, effectTimeout: 5000 },
  startedAt: Date.UTC(2026, 10, 23, 12),
  duration: 1234,
  remarks: [],
};

import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

import { describeFailure } from './generation/describe-failure.ts';
import { generate } from './generation/generate.ts';

const usage = 'npm run generate -- [--spec FILE] [--out FOLDER] [--bundle-only]';

try {
  const { values } = parseArgs({
    options: {
      spec: { type: 'string', default: join('spec', 'openapi.yaml') },
      out: { type: 'string', default: 'generated' },
      'bundle-only': { type: 'boolean', default: false },
    },
  });
  await generate({ specification: values.spec, outputFolder: values.out, bundleOnly: values['bundle-only'] });
  const written = values['bundle-only'] ? 'openapi.json' : 'openapi.json, types.ts and client/';
  console.log(`${values.spec} → ${values.out}: ${written} written in ${process.uptime().toFixed(1)} s`);
} catch (error) {
  console.error(describeFailure(error, usage));
  process.exitCode = 2;
}

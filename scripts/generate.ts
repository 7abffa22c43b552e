import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

import { registerPage, readRegisterRows } from './generate/register.ts';
import { describeFailure } from './generate/describe-failure.ts';
import { generate } from './generate/generate.ts';
import { generatedFolder, registerFile } from './generate/places.ts';

const usage = 'npm run generate -- [--spec FILE] [--out FOLDER] [--bundle-only]';

try {
  const { values } = parseArgs({
    options: {
      spec: { type: 'string', default: join('spec', 'openapi.yaml') },
      out: { type: 'string', default: generatedFolder },
      'bundle-only': { type: 'boolean', default: false },
    },
  });
  await generate({ specification: values.spec, outputFolder: values.out, bundleOnly: values['bundle-only'] });
  if (!values['bundle-only'] && values.out === generatedFolder)
    writeFileSync(registerFile, registerPage(readRegisterRows()));
  const written = values['bundle-only']
    ? 'openapi.json'
    : 'openapi.json, requirements.json, types.ts, answers.ts and client/';
  console.log(`${values.spec} → ${values.out}: ${written} written in ${process.uptime().toFixed(1)} s`);
} catch (error) {
  console.error(describeFailure(error, usage));
  process.exitCode = 2;
}

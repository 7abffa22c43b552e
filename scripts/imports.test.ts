import { globSync } from 'node:fs';
import { sep } from 'node:path';
import { describe, expect, test } from 'vitest';

import { findForbiddenImports } from './imports/import-rules.ts';
import { readImports } from './imports/read-imports.ts';

const files = globSync('{client,conformance,scripts}/**/*.ts').map((file) => file.replaceAll(sep, '/'));

test('imports go the way that the design says', () => {
  expect(files.length).toBeGreaterThan(0);
  expect(findForbiddenImports(new Map(files.map((file) => [file, readImports(file)])))).toEqual([]);
});

describe('the rules refuse', () => {
  test.each([
    ['conformance/contract/contract.ts', '../target/target.ts', 'code'],
    ['conformance/target/target.ts', '../checks/check.ts', 'types'],
    ['conformance/checks/check.ts', '../cases/case.ts', 'types'],
    ['conformance/servers/mock.ts', '../checks/check.ts', 'code'],
    ['conformance/servers/mock.ts', '../cases/case.ts', 'types'],
    ['conformance/sources/voipnow.ts', '../target/call-source.ts', 'code'],
    ['conformance/sources/voipnow.ts', '../run/stages.ts', 'types'],
    ['conformance/run/stages.ts', '../sources/voipnow.ts', 'types'],
    ['conformance/report/terminal.ts', '../run/result.ts', 'code'],
    ['conformance/report/terminal.ts', '../cases/case.ts', 'types'],
    ['conformance/run/run.ts', '../report/terminal.ts', 'types'],
    ['conformance/cases/case.ts', '../../scripts/generate.ts', 'types'],
    ['conformance/cases/case.test.ts', '../../scripts/generate.ts', 'types'],
    ['conformance/cases/case.ts', '../../generated/client/index.ts', 'code'],
    ['conformance/cases/case.ts', '../suite.test.ts', 'types'],
    ['conformance/cases/case.ts', 'vitest', 'types'],
    ['conformance/run/run.ts', 'vitest/node', 'code'],
    ['conformance/checks/check.ts', '@stoplight/prism-http', 'types'],
    ['client/errors.ts', '../conformance/contract/contract.ts', 'types'],
    ['client/errors.ts', 'vitest', 'types'],
    ['client/errors.test.ts', '../scripts/generate.ts', 'code'],
    ['conformance/cases/case.ts', '../../client/errors.ts', 'types'],
    ['conformance/cases/case.test.ts', '../../client/errors.ts', 'code'],
    ['conformance/helper.ts', './contract/contract.ts', 'code'],
  ])('%s importing %s (%s)', (file, specifier, imported) => {
    expect(findForbiddenImports(new Map([[file, [{ specifier, typesOnly: imported === 'types' }]]]))).toHaveLength(1);
  });

  test('a cycle', () => {
    const importsByFile = new Map([
      ['conformance/cases/a.ts', [{ specifier: './b.ts', typesOnly: false }]],
      ['conformance/cases/b.ts', [{ specifier: './a.ts', typesOnly: true }]],
    ]);
    expect(findForbiddenImports(importsByFile)).toEqual([
      'conformance/cases/a.ts → conformance/cases/b.ts → conformance/cases/a.ts: is a cycle',
    ]);
  });
});

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { readContract } from '../../conformance/contract/contract.ts';
import { bundle } from './bundle.ts';
import { declarationsOf } from './declarations.ts';
import { repositoryFolder } from './places.ts';
import { validatorsDeclaration, validatorsEntry } from './sources.ts';
import { validatorsModule } from './validators.ts';

const typesEntry = 'generated/types.d.ts';

/** Builds what the package ships beside the contract itself into a folder, whose former content is removed. */
export async function buildPackage(folder: string = join(repositoryFolder, 'dist')): Promise<void> {
  const [client, validators] = await Promise.all([
    bundle("export * from './generated/client/index.ts';"),
    bundle(validatorsEntry, { modules: { compiled: validatorsModule(readContract()) }, minify: true }),
  ]);
  const declarations = declarationsOf(['generated/client/index.d.ts', typesEntry]);
  const files = new Map([
    ['index.js', `${client.code}//# sourceMappingURL=index.js.map\n`],
    ['index.js.map', client.map],
    ['validators.js', validators.code],
    ['validators.d.ts', validatorsDeclaration],
    ...[...declarations].map(([path, text]) => [`types/${path}`, text] as const),
    // CommonJS, since that is what modules of both kinds can import types from in every TypeScript.
    ['types.d.cts', declarations.get(typesEntry) ?? ''],
    [`types/${typesEntry}`, "export type * from '../../types.cjs';\n"],
    // Types are all that there is, but an import that is not written as one of types must find a module.
    ['types.cjs', ''],
  ]);
  await rm(folder, { recursive: true, force: true });
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

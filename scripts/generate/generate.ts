import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { OpenAPI3 } from 'openapi-typescript';
import { createConfigSchema } from '../../conformance/cli/config.ts';
import { parseContract, type Contract } from '../../conformance/contract/contract.ts';
import { mapParts } from '../../conformance/contract/parts.ts';
import { isObject, type JsonObject } from '../../conformance/contract/json.ts';
import { reportJsonSchema } from '../../conformance/report/model.ts';
import { lintAndBundle } from './bundle.ts';
import { asOpenApi30, documentedOnly, withoutExtensions } from './copies.ts';
import { methodName, writeOperations, writeSchemas } from './operations.ts';
import { asProblem, formatProblem, listProblems, listUntried, type Problem } from './problems.ts';
import { readRegister, readRegisterRows, registerPage } from './register.ts';

/** The place of the contract, and the folder for what follows from it. */
export interface GenerationOptions {
  readonly specification: string;
  readonly outputFolder: string;
  readonly bundleOnly?: boolean;
}

const runtimeFolder = fileURLToPath(new URL('client', import.meta.url));

/**
 * Generates everything that follows from the contract, and returns the page that shows the register to readers.
 * Nothing is written unless the contract passes its lint, its operations can be methods, and the register is complete.
 * Tells on standard error what no case of the suite tries.
 *
 * @throws Error with a line for each problem, which begins with its place in the contract's source.
 */
export async function generate(options: GenerationOptions): Promise<string> {
  const { specification, outputFolder, bundleOnly = false } = options;
  if (!bundleOnly) loadGeneratorsAhead();
  const bundle = await lintAndBundle(specification);
  const write = (path: string, text: string) => writeFile(join(outputFolder, path), text);
  if (bundleOnly) {
    await mkdir(outputFolder, { recursive: true });
    await write('openapi.json', bundle);
    return '';
  }
  const document = JSON.parse(bundle) as JsonObject;
  const register = readRegister();
  const source = await readFile(specification, 'utf8');
  const tell = (problems: readonly Problem[]): string =>
    problems.map((problem) => formatProblem(problem, specification, source)).join('\n');
  let contract: Contract;
  let [page, operations] = ['', ''];
  let problems: readonly Problem[];
  try {
    contract = parseContract(document);
    problems = listProblems(contract);
    if (problems.length === 0) {
      page = registerPage(readRegisterRows(document, register));
      operations = writeOperations(contract);
    }
  } catch (error) {
    throw new Error(tell([asProblem(error)]), { cause: error });
  }
  if (problems.length > 0) throw new Error(tell(problems));
  const untried = listUntried(contract);
  if (untried.length > 0) process.stderr.write(`${tell(untried)}\n`);
  await mkdir(outputFolder, { recursive: true });
  await Promise.all([
    write('openapi.json', bundle),
    write('openapi.plain.json', toJson(withoutExtensions(document))),
    write('openapi-3.0.json', toJson(asOpenApi30(document))),
    write('requirements.json', toJson(register)),
    write('report.schema.json', toJson(reportJsonSchema())),
    write('config.schema.json', toJson(createConfigSchema())),
    generateTypes(document).then((source) => write('types.ts', source)),
    generateClient(document, join(outputFolder, 'client')),
  ]);
  await Promise.all([
    write(join('client', 'operations.ts'), operations),
    write(join('client', 'schemas.ts'), writeSchemas(contract)),
    ...(await copyRuntime(join(outputFolder, 'client'))),
  ]);
  return page;
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** Writes the contract's types as one TypeScript module and returns its source. */
export async function generateTypes(document: JsonObject): Promise<string> {
  const { astToString, COMMENT_HEADER, default: openapiTypescript } = await import('openapi-typescript');
  const nodes = await openapiTypescript(documentedOnly(document) as unknown as OpenAPI3, {
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
    rootTypesKeepCasing: true,
    // A caller may leave out what has a default.
    defaultNonNullable: false,
    silent: true,
  });
  return `${COMMENT_HEADER}${astToString(nodes)}`;
}

/**
 * Writes the generated client into a folder, whose former content is removed.
 * The client has no default base URL: each installation has its host, and a default would ring telephones there.
 */
async function generateClient(document: JsonObject, folder: string): Promise<void> {
  const { createClient } = await import('@hey-api/openapi-ts');
  await createClient({
    // Its functions are named by the ids, as methods are.
    input: mapParts(documentedOnly(document), ({ kind, value }) =>
      kind === 'operation' && isObject(value)
        ? { ...value, operationId: methodName(String(value.operationId)) }
        : value,
    ) as JsonObject,
    output: { path: folder, clean: true, entryFile: false, module: { extension: '.ts' }, tsConfigPath: null },
    plugins: [
      { name: '@hey-api/client-fetch', baseUrl: false },
      '@hey-api/typescript',
      { name: '@hey-api/sdk', client: false },
    ],
    interactive: false,
    logs: { level: 'silent', file: false },
  });
}

/** Copies the client's runtime into the folder of the generated client, which it then imports by relative paths. */
async function copyRuntime(folder: string): Promise<readonly Promise<void>[]> {
  const files = (await readdir(runtimeFolder)).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  return files.map(async (file) => {
    const source = await readFile(join(runtimeFolder, file), 'utf8');
    const relative = source.replaceAll("'#generated/client/", "'./").replaceAll("'#generated/", "'../");
    await writeFile(
      join(folder, file),
      `// Copied from scripts/generate/client/${file}; change it there.\n${relative}`,
    );
  });
}

/** Loads the generators while the lint runs in its process, since loading takes longer than generating. */
function loadGeneratorsAhead(): void {
  for (const generator of ['@hey-api/openapi-ts', 'openapi-typescript']) import(generator).catch(() => undefined);
}

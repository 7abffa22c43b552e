import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { contractFile, type Contract } from '../contract/contract.ts';
import { pointerTokens, valueAt } from '../contract/json.ts';
import { parseYaml } from '../contract/yaml-source.ts';
import { measureCoverage } from './coverage.ts';
import type { RunDescription } from './report.ts';
import type { Outcome } from './verdict.ts';

/** The path of the contract's source, from the root of the repository. */
export const contractSource = 'spec/openapi.yaml';

const sourceFile = fileURLToPath(new URL(`../../${contractSource}`, import.meta.url));

/** Describes places in the contract. They are read only if the report shows them, since reading takes long. */
export function describePlaces(
  contract: Contract,
  outcome: Outcome,
  { profiles, hasFiles }: { readonly profiles: readonly string[]; readonly hasFiles: boolean },
): Pick<RunDescription, 'lines' | 'coverage'> {
  const { requirements, cases } = outcome;
  const isShown = hasFiles || cases.some(({ verdict }) => verdict === 'fail' || verdict === 'warn');
  const lines = isShown ? contractLines(requirements.map(({ requirement }) => requirement.at)) : {};
  return hasFiles ? { lines, coverage: measureCoverage(contract, profiles, outcome) } : { lines };
}

export function describeContract(contract: Contract): RunDescription['contract'] {
  const { repository, version } = readManifest();
  const page = repository?.url?.replace(/^git\+/, '').replace(/\.git$/, '');
  return {
    title: String(valueAt(contract.document, '/info/title')),
    version: String(valueAt(contract.document, '/info/version')),
    sha256: createHash('sha256').update(readFileSync(contractFile)).digest('hex'),
    source: contractSource,
    ...(page !== undefined && { url: `${page}/blob/${readRevision() ?? `v${version}`}/${contractSource}` }),
  };
}

/** Returns the commit of a checkout; undefined outside one. */
function readRevision(): string | undefined {
  const read = (name: string) => readFileSync(new URL(`../../.git/${name}`, import.meta.url), 'utf8').trim();
  try {
    const head = read('HEAD');
    return head.startsWith('ref: ') ? read(head.slice('ref: '.length)) : head;
  } catch {
    return undefined;
  }
}

export function describeTool(): RunDescription['tool'] {
  const { name, version } = readManifest();
  return { name, version };
}

function readManifest() {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return JSON.parse(manifest) as { name: string; version: string; repository?: { url?: string } };
}

/** Returns the lines of the contract's source on which the places of JSON pointers begin, as far as they exist. */
export function contractLines(pointers: readonly string[]): Record<string, number> {
  const { findLines } = parseYaml(readFileSync(sourceFile, 'utf8'), contractSource);
  return Object.fromEntries(
    pointers.flatMap((pointer) => {
      const lines = findLines(pointerTokens(pointer));
      return lines === undefined ? [] : [[pointer, lines.line]];
    }),
  );
}

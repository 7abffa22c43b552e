import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { contractFile, type Contract } from '../contract/contract.ts';
import { valueAt } from '../contract/json.ts';
import { listSurface } from '../contract/surface.ts';
import type { RunDescription } from './report.ts';
import type { Outcome } from './verdict.ts';
import { contractLines, contractSource } from './contract-lines.ts';

const manifest = new URL('../../package.json', import.meta.url);

/** Describes a run before it begins. */
export function describeRun(
  settings: RunDescription['settings'],
  { name, target }: { readonly name: string; readonly target: { readonly baseUrl: string } },
  contract: Contract,
): Omit<RunDescription, 'duration' | 'remarks' | 'lines' | 'surface'> {
  return {
    tool: describeTool(),
    contract: describeContract(contract),
    target: { name, origin: new URL(target.baseUrl).origin },
    settings,
    startedAt: Date.now(),
  };
}

/** What a report says of places in the contract: read only where somebody is going to read it, since it takes long. */
export function describePlaces(
  contract: Contract,
  { requirements, cases }: Outcome,
  { profiles, hasFiles }: { readonly profiles: readonly string[]; readonly hasFiles: boolean },
): Pick<RunDescription, 'lines' | 'surface'> {
  const isNamed = hasFiles || cases.some(({ verdict }) => verdict === 'fail' || verdict === 'warn');
  const lines = isNamed ? contractLines(requirements.map(({ requirement }) => requirement.at)) : {};
  return hasFiles ? { lines, surface: listSurface(contract, profiles) } : { lines };
}

/** What a report says of the contract. */
export function describeContract(contract: Contract): RunDescription['contract'] {
  return {
    title: String(valueAt(contract.document, '/info/title')),
    version: String(valueAt(contract.document, '/info/version')),
    sha256: createHash('sha256').update(readFileSync(contractFile)).digest('hex'),
    source: contractSource,
  };
}

/** What a report says of what made it. */
export function describeTool(): RunDescription['tool'] {
  const { name, version } = JSON.parse(readFileSync(manifest, 'utf8')) as RunDescription['tool'];
  return { name, version };
}

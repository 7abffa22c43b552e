import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { contractFile, type Contract } from '../../conformance/contract/contract.ts';
import { valueAt } from '../../conformance/contract/json.ts';
import type { Requirement } from '../../conformance/contract/requirements.ts';
import { surfaceOf } from '../../conformance/contract/surface.ts';
import type { RunDescription } from '../../conformance/report/report.ts';
import { contractLines, contractSource } from './contract-lines.ts';
import type { ConformanceOptions } from './run-options.ts';
import { shardOf } from './shard.ts';
import type { OpenTarget } from './target.ts';

const manifest = new URL('../../package.json', import.meta.url);

/** What a report says of a run before it is run. */
export function describeRun(
  { only = [], strict = false, shard: part }: ConformanceOptions,
  { target, name }: OpenTarget,
  contract: Contract,
  requirements: readonly Requirement[],
): Omit<RunDescription, 'duration' | 'remarks'> {
  const { profiles, concurrency, timeout, effectTimeout, rate, readOnly } = target;
  const shard = shardOf(part);
  return {
    tool: describeTool(),
    contract: describeContract(contract),
    lines: contractLines(requirements.map(({ at }) => at)),
    target: { name, origin: new URL(target.baseUrl).origin },
    settings: { profiles, only, strict, ...(shard && { shard }), concurrency, timeout, effectTimeout, rate, readOnly },
    startedAt: Date.now(),
    surface: surfaceOf(contract, profiles),
  };
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

import { parseContract, type Operation } from '../../conformance/contract/contract.ts';
import type { JsonObject } from '../../conformance/contract/json.ts';

/** Writes as a TypeScript module what a client must know of the contract when it runs, and returns its source. */
export function generateAnswers(bundle: string): string {
  const { operations } = parseContract(JSON.parse(bundle) as JsonObject);
  return [
    '/** Generated from the contract; do not change it by hand. */',
    '',
    '/** The documented statuses of each operation, and whether an answer with that status has a body. */',
    'export const documentedAnswers = {',
    ...operations.map(({ id, responses }) => `  ${id}: { ${responses.map(statusAndBody).join(', ')} },`),
    '} as const;',
    '',
    '/** The statuses that tell a client to renew its token. */',
    `export const tokenRefusals: readonly number[] = [${tokenRefusals(operations).join(', ')}];`,
    '',
  ].join('\n');
}

function statusAndBody({ status, content }: Operation['responses'][number]): string {
  return `${status}: ${content.length > 0}`;
}

function tokenRefusals(operations: readonly Operation[]): readonly string[] {
  const schemes = operations.flatMap(({ security }) => security);
  return [...new Set(schemes.flatMap(({ refusedWith }) => refusedWith ?? []))].filter((status) => /^\d+$/.test(status));
}

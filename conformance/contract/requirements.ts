import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Constraint } from './constraints.ts';
import type { Operation } from './contract.ts';
import { findRefusal, type Refusal } from './refusal.ts';

/** The generated register of this repository. */
const requirementsFile = fileURLToPath(new URL('../../generated/requirements.json', import.meta.url));

/** A sentence of the documentation that a server must or should honour. */
export interface Requirement {
  /** A stable id: a group and a name. */
  readonly id: string;
  readonly level: 'MUST' | 'SHOULD';
  readonly profile: string;
  /** The sentence, in our words. */
  readonly says: string;
  /** The section of the page, of the field notes or of an RFC that demands it. */
  readonly source: string;
  /** A JSON pointer to the place in the contract that it is about. */
  readonly at: string;
  /** The schema keywords of that place whose violation it is about, `*` for all. Derived cases prove it. */
  readonly keywords?: readonly string[];
  /** The reason that no case can prove it. */
  readonly excluded?: string;
}

/**
 * Reads the generated register.
 *
 * @throws Error with one line that names the file, if it cannot be read.
 */
export function readRequirements(): Requirement[] {
  try {
    return JSON.parse(readFileSync(requirementsFile, 'utf8')) as Requirement[];
  } catch (error) {
    const reason = (error as Error).message.replaceAll(/\s+/g, ' ');
    throw new Error(`The register ${requirementsFile} cannot be read: ${reason}. Run \`npm run generate\`.`);
  }
}

/**
 * Completes the register with a requirement for each constraint of a request that it does not name. The contract demands
 * what it binds to a parameter or property, with or without a sentence in the register.
 *
 * @param group - The beginning of the ids of new requirements.
 */
export function completeRegister(
  requirements: readonly Requirement[],
  operation: Operation,
  constraints: readonly Constraint[],
  group = '',
): Requirement[] {
  const missing = constraints.flatMap((constraint) => {
    const refusal = findRefusal(operation, constraint);
    const named = requirements.some(({ at, keywords }) => at === constraint.pointer && keywords !== undefined);
    return refusal === undefined || named ? [] : [impliedRequirement(operation, constraint, refusal, group)];
  });
  return [...requirements, ...missing];
}

/** Returns the beginning of the ids of what is demanded of an operation of which nothing but the contract is known. */
export function operationGroup({ id }: Operation): string {
  return `operations/${id.replaceAll(/[^\w.-]+/g, '-')}/`;
}

/** Returns the requirement that a valid request of an operation is answered as the contract shows. */
export function answerRequirement(operation: Operation): Requirement {
  const statuses = operation.responses.map(({ status }) => status).filter((status) => status.startsWith('2'));
  return {
    id: `${operationGroup(operation)}answer`,
    level: 'MUST',
    profile: operation.profile,
    says: `A valid request of ${operation.id} is answered with ${statuses.join(' or ')}, and with what its schema describes.`,
    source: 'contract',
    at: operation.pointer,
  };
}

/**
 * Returns the requirement about a keyword of a constraint, or the first about the constraint if none names the keyword.
 *
 * @throws Error if the register has none.
 */
export function requirementFor(requirements: readonly Requirement[], pointer: string, keyword: string): Requirement {
  const rows = requirements.filter(({ at, keywords }) => at === pointer && keywords !== undefined);
  const row =
    rows.find(({ keywords }) => keywords?.includes(keyword)) ??
    rows.find(({ keywords }) => keywords?.[0] === '*') ??
    rows[0];
  if (row === undefined)
    throw new Error(`The register has no requirement for ${keyword} at ${pointer}: add a row to it.`);
  return row;
}

function impliedRequirement(
  operation: Operation,
  { place, name, pointer }: Constraint,
  refusal: Refusal,
  group: string,
): Requirement {
  const code = refusal.code === undefined ? '' : ` and ${refusal.code}`;
  return {
    id: `${group}${place}/${name}`,
    level: 'MUST',
    profile: operation.profile,
    says: `A request${group && ` of ${operation.id}`} whose ${name} is missing or invalid is refused with ${refusal.statuses.join(' or ')}${code}.`,
    source: 'contract',
    at: pointer,
    keywords: ['*'],
  };
}

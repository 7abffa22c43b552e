import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** A requirement of level MUST that no fault can break without breaking another one too. */
export interface Equivalent {
  readonly requirement: string;
  readonly why: string;
}

const file = fileURLToPath(new URL('equivalents.yaml', import.meta.url));

/**
 * Reads the requirements that need no fault which only they find.
 *
 * @throws Error that names the file and the row, if a row is incomplete.
 */
export function readEquivalents(): Equivalent[] {
  const rows = (parse(readFileSync(file, 'utf8')) ?? []) as Partial<Equivalent>[];
  return rows.map(({ requirement, why }, index) => {
    if (requirement === undefined || why === undefined) {
      throw new Error(`scripts/lab/proof/equivalents.yaml, row ${index + 1}: expected requirement and why.`);
    }
    return { requirement, why };
  });
}

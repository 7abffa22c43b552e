import process from 'node:process';
import type { Samples } from './result.ts';

/** Measures a subject once. */
export type Contender = () => Promise<Samples>;

/**
 * Measures subjects in turn, round after round, so that whatever else the machine does falls on all of them alike. The
 * first round, in which caches fill, is not counted.
 */
export async function inTurns<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  rounds: number,
  { warmUp = true }: { readonly warmUp?: boolean } = {},
): Promise<Record<Name, Samples[]>> {
  const names = Object.keys(contenders) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as Samples[]])) as Record<Name, Samples[]>;
  for (let round = warmUp ? 0 : 1; round <= rounds; round++) {
    for (const name of names) {
      const measured = await contenders[name]();
      if (round > 0) samples[name].push(measured);
      process.stderr.write(`  round ${round} of ${rounds}: ${name}: ${described(measured)}\n`);
    }
  }
  return samples;
}

function described(measured: Samples): string {
  return Object.entries(measured)
    .map(([quantity, value]) => `${quantity} ${Number(value.toPrecision(4))}`)
    .join(', ');
}

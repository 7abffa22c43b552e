import type { Attack } from './attack.ts';
import { bodyAttacks } from './bodies.ts';

/** The attacks, by family. */
export const attacks: readonly Attack[] = [...bodyAttacks];

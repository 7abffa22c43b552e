import type { Attack } from './attack.ts';
import { bodyAttacks } from './bodies.ts';
import { secretAttacks } from './secrets.ts';
import { surroundingAttacks } from './surroundings.ts';
import { timeAttacks } from './time.ts';

/** The attacks, by family. */
export const attacks: readonly Attack[] = [...bodyAttacks, ...timeAttacks, ...secretAttacks, ...surroundingAttacks];

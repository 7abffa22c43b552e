import { makeAttack, makeInterrupted, type Attack } from './attack.ts';
import { bodyAttacks } from './bodies.ts';
import { secretAttacks } from './secrets.ts';
import { surroundingAttacks } from './surroundings.ts';
import { timeAttacks } from './time.ts';

const right = makeAttack(['right', 'Every answer is right.', [0], {}]);

/** The attacks in the midst of which Ctrl-C is pressed. */
const interrupted = [right, ...bodyAttacks, ...secretAttacks, ...timeAttacks].filter(({ id }) =>
  /^(?:right|bodies\/(?:null-array|judged-(?:nulls|keys)|backslashes).*|secrets\/64-cookies|time\/(?:never-sent|body-drips|flood-of-103))$/.test(
    id,
  ),
);

/** The attacks, by family. */
export const attacks: readonly Attack[] = [
  ...bodyAttacks,
  ...timeAttacks,
  ...secretAttacks,
  ...surroundingAttacks,
  ...interrupted.map((attack) => makeInterrupted(attack, 8)),
];

import type { FaultyServer } from '../servers/server.ts';
import { authorization } from './authorization.ts';
import { bodies } from './bodies.ts';
import { bulk } from './bulk.ts';
import { calls } from './calls.ts';
import { crowds } from './crowds.ts';
import { effectsOfRefusals } from './effects-of-refusals.ts';
import { effects } from './effects.ts';
import { narrow } from './narrow.ts';
import { numberRules } from './number-rules.ts';
import { numbers } from './numbers.ts';
import { paths } from './paths.ts';
import { protocol } from './protocol.ts';
import { repetitions } from './repetitions.ts';
import { severalFaults } from './several-faults.ts';
import { statuses } from './statuses.ts';
import { wrongAnswers } from './wrong-answers.ts';

/** The faulty servers: those of behaviour, then those that give wrong answers of the self-check. */
export const faults: readonly FaultyServer[] = [
  ...statuses,
  ...numbers,
  ...numberRules,
  ...bodies,
  ...severalFaults,
  ...paths,
  ...calls,
  ...narrow,
  ...authorization,
  ...effects,
  ...effectsOfRefusals,
  ...repetitions,
  ...crowds,
  ...protocol,
  ...bulk,
  ...wrongAnswers,
];

import type { FaultyServer } from '../servers/server.ts';
import { authorization } from './authorization.ts';
import { bodies } from './bodies.ts';
import { bulk } from './bulk.ts';
import { calls } from './calls.ts';
import { concurrency } from './concurrency.ts';
import { effects } from './effects.ts';
import { makeFault } from '../servers/server.ts';
import { numbers } from './numbers.ts';
import { paths } from './paths.ts';
import { protocol } from './protocol.ts';
import { statuses } from './statuses.ts';
import { wrongAnswers } from './wrong-answers.ts';

/** The faulty servers: those of behaviour, then those that give wrong answers of the self-check. */
export const faults: readonly FaultyServer[] = [
  ...[
    ...statuses,
    ...numbers,
    ...bodies,
    ...paths,
    ...calls,
    ...authorization,
    ...effects,
    ...concurrency,
    ...protocol,
    ...bulk,
  ].map(makeFault),
  ...wrongAnswers,
];

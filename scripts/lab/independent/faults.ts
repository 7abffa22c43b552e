/** Lists mistakes that real teams make, each as options of one server, with the sentence that it breaks. */
import { answerFaults } from './faults/answers.ts';
import { pathFaults } from './faults/paths.ts';
import { requestFaults } from './faults/requests.ts';
import { stateFaults } from './faults/state.ts';
import type { CommonOptions, Hooks } from './hooks.ts';
import { sentences } from './sentences.ts';

export type ServerName = 'express' | 'fastify' | 'koa' | 'hono' | 'nest';
export type Fault = {
  id: string;
  server: ServerName;
  /** The requirement that must find it. */
  requirement: string;
  sentence: string;
  options: CommonOptions & Record<string, unknown>;
};

/** A mistake: its id, the server, the requirement, the name of the sentence, and the hooks or options that make it. */
export type FaultRow = [
  id: string,
  server: ServerName,
  requirement: string,
  sentence: keyof typeof sentences,
  difference: (() => Hooks) | Record<string, unknown>,
];

const rows: FaultRow[] = [...stateFaults, ...pathFaults, ...requestFaults, ...answerFaults];

export const faults: Fault[] = rows.map(([id, server, requirement, sentence, difference]) => ({
  id,
  server,
  requirement,
  sentence: sentences[sentence],
  options: typeof difference === 'function' ? { hooks: difference } : difference,
}));

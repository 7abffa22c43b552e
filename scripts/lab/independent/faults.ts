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

/** Maps the id of a mistake to the server, the requirement, the name of the sentence, and the hooks or options that make it. */
export type FaultTable = Record<
  string,
  [ServerName, string, keyof typeof sentences, (() => Hooks) | Record<string, unknown>]
>;

const table: FaultTable = { ...stateFaults, ...pathFaults, ...requestFaults, ...answerFaults };

export const faults: Fault[] = Object.entries(table).map(([id, [server, requirement, sentence, what]]) => ({
  id,
  server,
  requirement,
  sentence: sentences[sentence],
  options: typeof what === 'function' ? { hooks: what } : what,
}));

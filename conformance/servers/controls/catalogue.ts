import type { ControlServer } from '../server.ts';
import { answers } from './answers.ts';
import { refusals } from './refusals.ts';
import { transport } from './transport.ts';

/** Every correct but unusual server. */
export const controls: readonly ControlServer[] = [...answers, ...refusals, ...transport];

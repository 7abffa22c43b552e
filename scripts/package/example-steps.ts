import type { Step } from './step.ts';

/** The examples, each installed from the packed package. */
export const exampleSteps: readonly Step[] = [];

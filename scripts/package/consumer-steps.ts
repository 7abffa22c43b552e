import { join } from 'node:path';

import { compile } from './consumer.ts';
import { withMock } from './mock.ts';
import { runCommandIn } from './run-command.ts';
import type { Step, Workplace } from './step.ts';
import { checkTools, commandOf, nodeVersions } from './tools.ts';

const compilers = Object.keys(checkTools).filter((name) => name.startsWith('typescript-'));
const moduleResolutions = ['node16', 'nodenext', 'bundler'] as const;
const compiledForNode = 'run';

/** Node.js then refuses to make code from text, as a strict content security policy does. */
export const withoutEval = '--disallow-code-generation-from-strings';

/** What the consumer prints, whatever it runs on. */
export const printedByTheConsumer = [
  'moved b817d2618fe6f1804333',
  '["3235742879"]',
  'InvalidRequestError',
  'refused: pc_sendcallto_invalid',
  'UnsafeParameterError',
  'UnsafeParameterError UnexpectedAnswerError',
  '200',
  '/link/self',
];

const compileSteps = compilers.flatMap((name) =>
  moduleResolutions.map((moduleResolution): Step => {
    return {
      name: `${name.replace('-', ' ')} compiles a consumer, strictly, with moduleResolution ${moduleResolution}`,
      async run({ tools, project }) {
        const compiler = commandOf(tools, name, 'tsc');
        const files = ['transfer.ts', 'types-only.cts'];
        await compile(project, { compiler, moduleResolution, files, out: `${name}-${moduleResolution}` });
      },
    };
  }),
);

const runSteps = Object.keys(nodeVersions()).map((name): Step => {
  return {
    name: `${name.replace('-', ' ')} runs a consumer against the mock`,
    async run({ tools, project }: Workplace) {
      const node = join(tools, 'node_modules', name, 'bin', 'node');
      const compiler = commandOf(tools, 'typescript-5.9', 'tsc');
      await compile(project, { compiler, moduleResolution: 'nodenext', files: ['transfer.ts'], out: compiledForNode });
      const consumer = [node, withoutEval, join(compiledForNode, 'transfer.js')] as const;
      const printed = await withMock((url) => runCommandIn(project, consumer, { BASE_URL: url }));
      const expected = `${printedByTheConsumer.join('\n')}\n`;
      if (printed !== expected) throw new Error(`expected:\n${expected}came:\n${printed}`);
      await runCommandIn(project, [node, 'documents.mjs']);
    },
  };
});

/** Consumers on every TypeScript and every Node.js that are supported. */
export const consumerSteps: readonly Step[] = [...compileSteps, ...runSteps];

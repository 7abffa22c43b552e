import { gzipSync } from 'node:zlib';
import { commandOf, compile, nodeVersions, runCommandIn, tools as packages, type ModuleResolution } from './install.ts';
import { exampleSteps, pageSteps } from './pages.ts';
import { emptyProject, prism, runnerSteps } from './runner.ts';
import { expectMove, setupSteps } from './setups.ts';
import { bundleConsumer, nodeOf, withMock, type Step } from './workplace.ts';

const licences = 'MIT;ISC;Apache-2.0;BSD-2-Clause;BSD-3-Clause;0BSD;CC0-1.0;BlueOak-1.0.0;Python-2.0;MPL-2.0';

/** Complaints of tools that know packages. YAML has no types, so that one entry is not looked at. */
const lintSteps: readonly Step[] = [
  {
    name: 'publint has no complaint, suggestions included',
    async run({ tarball, tools, folder }) {
      await runCommandIn(folder, ['node', commandOf(tools, 'publint'), 'run', tarball.file, '--strict']);
    },
  },
  {
    name: 'attw finds the types of every entry, from ES modules, CommonJS, bundlers and node10',
    async run({ tarball, tools, folder }) {
      const attw = commandOf(tools, '@arethetypeswrong/cli', 'attw');
      const options = ['--format', 'ascii', '--exclude-entrypoints', './openapi.yaml'];
      await runCommandIn(folder, ['node', attw, tarball.file, ...options]);
    },
  },
  {
    name: 'the licences of all that transfer-conformance installs are permissive',
    async run(workplace) {
      const project = await emptyProject(workplace, prism);
      const checker = commandOf(workplace.tools, 'license-checker-rseidelsohn');
      const options = ['--start', project, '--production', '--excludePrivatePackages', '--onlyAllow', licences];
      await runCommandIn(workplace.folder, ['node', checker, ...options]);
    },
  },
];

/** Bundles that are promised to be small: a consumer's file, and the bytes that its bundle may have with gzip. */
const sizeSteps: readonly Step[] = Object.entries({ 'only-transfers.ts': 5000, 'only-validates.ts': 8000 }).map(
  ([file, limit]) => ({
    name: `the bundle of ${file} has at most ${limit} bytes with gzip`,
    async run({ project }) {
      const { length } = gzipSync(await bundleConsumer(project, file), { level: 9 });
      if (length > limit) throw new Error(`It has ${length} bytes: find what the client has come to import.`);
    },
  }),
);

const compilers = Object.keys(packages.check).filter((name) => name.startsWith('typescript-'));
const resolutions: readonly ModuleResolution[] = ['node16', 'nodenext', 'bundler', 'node10'];

/** Makes Node.js refuse to make code from text, as a strict content security policy does. */
export const withoutEval = '--disallow-code-generation-from-strings';

/** Printed by the consumer, on every runtime. */
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
  // The old resolution is gone from TypeScript 7 and deprecated in 6.
  resolutions
    .filter((resolution) => resolution !== 'node10' || name.startsWith('typescript-5'))
    .map((moduleResolution): Step => {
      return {
        name: `${name.replace('-', ' ')} compiles consumers, strictly, with moduleResolution ${moduleResolution}`,
        async run({ tools, project }) {
          const compiler = commandOf(tools, name, 'tsc');
          const modules = moduleResolution === 'node10' ? [] : ['transfer.ts'];
          const files = [...modules, 'types-only.cts', 'commonjs.cts'];
          await compile(project, { compiler, moduleResolution, files, out: `${name}-${moduleResolution}` });
        },
      };
    }),
);

const nodeSteps = Object.keys(nodeVersions()).map((name): Step => {
  return {
    name: `${name.replace('-', ' ')} runs consumers of both kinds of modules against the mock`,
    async run(workplace) {
      const { tools, project } = workplace;
      const node = nodeOf(workplace, name);
      const files = ['transfer.ts', 'commonjs.cts'];
      const compiler = commandOf(tools, 'typescript-5.9', 'tsc');
      await compile(project, { compiler, files, out: 'run' });
      const printed = await withMock((url) =>
        runCommandIn(project, [node, withoutEval, 'run/transfer.js'], { BASE_URL: url }),
      );
      const expected = `${printedByTheConsumer.join('\n')}\n`;
      if (printed !== expected) throw new Error(`expected:\n${expected}came:\n${printed}`);
      await expectMove(workplace, [node, 'run/commonjs.cjs']);
      await runCommandIn(project, [node, 'documents.mjs']);
    },
  };
});

export const steps: readonly Step[] = [
  ...lintSteps,
  ...sizeSteps,
  ...compileSteps,
  ...nodeSteps,
  ...setupSteps,
  ...runnerSteps,
  ...pageSteps,
  ...exampleSteps,
];

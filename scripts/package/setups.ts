import { globSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandOf, compile, runCommandIn } from './install.ts';
import { bundleConsumer, installTools, withMock, type Step, type Tool, type Workplace } from './workplace.ts';

/** A tool or runtime that consumers use the package with. */
interface Setup {
  /** The packages that it needs; the set-up is skipped where they cannot be had. */
  readonly needs: readonly Tool[];
  /** A consumer that is compiled into the folder `setups` before. */
  readonly compiles?: string;
  /** A consumer that is bundled into `bundled.mjs` before. */
  readonly bundles?: string;
  /**
   * Run in the project, by `node`, by the command of a package or by a binary in `node_modules`. The last one moves a
   * call of the mock and says so, or is a test.
   */
  readonly commands: readonly string[];
}

const denoFlags = '--allow-net=127.0.0.1 --allow-env --no-config --node-modules-dir=manual';
const webpackFlags = '--mode production --target node --entry ./moves.mjs --output-filename main.cjs';

const setups: Readonly<Record<string, Setup>> = {
  Deno: { needs: ['deno'], commands: [`@deno/*/deno run ${denoFlags} moves.mjs`] },
  Bun: { needs: ['bun'], commands: ['@oven/*/bin/bun moves.mjs'] },
  'workerd in Miniflare': { needs: ['miniflare'], bundles: 'worker.mjs', commands: ['node workerd.mjs'] },
  webpack: { needs: ['webpack', 'webpack-cli'], commands: [`webpack-cli build ${webpackFlags}`, 'node dist/main.cjs'] },
  'Jest with its defaults': { needs: ['jest'], commands: ['jest --rootDir jest'] },
  'Vitest with msw': { needs: ['vitest', 'msw'], commands: ['vitest run --root vitest'] },
  "undici's MockAgent": { needs: ['undici'], compiles: 'undici.ts', commands: ['node setups/undici.js'] },
  'openapi-fetch': {
    needs: ['openapi-fetch'],
    compiles: 'openapi-fetch.ts',
    commands: ['node setups/openapi-fetch.js'],
  },
  axios: { needs: ['axios'], compiles: 'axios.ts', commands: ['node setups/axios.js'] },
};

/** The package within what its consumers use it with. */
export const setupSteps = Object.entries(setups).map(([name, setup]): Step => {
  return {
    name: `${name} works with the package`,
    async run(workplace) {
      const { tools, project } = workplace;
      const { needs, compiles, bundles, commands } = setup;
      const missing = await installTools(workplace, needs);
      if (missing !== undefined) return missing;
      const compiler = commandOf(tools, 'typescript-5.9', 'tsc');
      if (compiles !== undefined) await compile(project, { compiler, files: [compiles], out: 'setups', lax: true });
      if (bundles !== undefined) await writeFile(join(project, 'bundled.mjs'), await bundleConsumer(project, bundles));
      for (const command of commands.slice(0, -1)) await runCommandIn(project, findCommand(tools, command));
      const last = commands.at(-1) ?? '';
      await expectMove(workplace, findCommand(tools, last), /^(?:jest|vitest) /.test(last));
    },
  };
});

/** Runs a command with a mock, and fails unless it says that the call was moved or is a test that passes. */
export async function expectMove(
  { project }: Workplace,
  command: readonly [string, ...string[]],
  isTest = false,
): Promise<void> {
  // Vitest gives BASE_URL another meaning.
  const variables = (url: string) => ({ BASE_URL: url, MOCK_URL: url, CI: 'true' });
  const said = await withMock((url) => runCommandIn(project, command, variables(url)));
  if (!isTest && !said.includes('moved b817d2618fe6f1804333')) throw new Error(said);
}

function findCommand(tools: string, command: string): readonly [string, ...string[]] {
  const [program = '', ...words] = command.split(' ');
  if (program === 'node') return [program, ...words];
  if (!program.includes('*')) return ['node', commandOf(tools, program), ...words];
  const [binary] = globSync(join(tools, 'node_modules', program));
  if (binary === undefined) throw new Error(`${program} was not installed: no binary is known for this machine.`);
  return [binary, ...words];
}

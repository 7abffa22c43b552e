import { spawn } from 'node:child_process';
import { lstat, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandOf, compile, installInto, nodeVersions, runCommandIn, type Packages } from './install.ts';
import { nodeOf, readAddress, withMock, type Step, type Workplace } from './workplace.ts';

export const prism = { '@stoplight/prism-http': '^5.16.0' };
const runner = join('node_modules', '.bin', 'transfer-conformance');
/** The bytes that an installation without Prism may have: half of what one with it has. */
const mostWeight = 60e6;

/** The package of the conformance runner. */
export const runnerSteps = Object.keys(nodeVersions()).flatMap((name): Step[] => {
  const node = name.replace('-', ' ');
  const checks: Step = {
    name: `transfer-conformance on ${node} checks a server without Prism, and asks for it where the mock is wanted`,
    async run(workplace) {
      const command = [nodeOf(workplace, name), runner] as const;
      const folder = await emptyProject(workplace);
      const said = await withMock((url) => runCommandIn(folder, [...command, url, '--only', 'body']));
      if (!said.includes('Verdict: conforming')) throw new Error(said);
      const refusal = await runCommandIn(folder, [...command, 'mock']).catch((error: Error) => error.message);
      if (!refusal.includes(': The mock needs Prism: npm install ')) throw new Error(refusal);
    },
  };
  const mocks: Step = {
    name: `transfer-conformance on ${node} finds that its mock conforms`,
    async run(workplace) {
      const folder = await emptyProject(workplace, prism);
      const mock = spawn(nodeOf(workplace, name), [runner, 'mock', '--port', '0'], { cwd: folder });
      try {
        const said = await runCommandIn(folder, [nodeOf(workplace, name), runner, await readAddress(mock)]);
        if (!said.includes('Verdict: conforming')) throw new Error(said);
      } finally {
        mock.kill();
      }
    },
  };
  if (!name.startsWith('node-20')) return [checks, mocks];
  return [
    {
      name: `transfer-conformance refuses ${node} in one line`,
      async run(workplace) {
        const command = [nodeOf(workplace, name), runner] as const;
        const said = await runCommandIn(await emptyProject(workplace), command).catch((error: Error) => error.message);
        if (!/: transfer-conformance needs Node [\d.]+ or newer and runs on v20[\d.]+$/.test(said))
          throw new Error(said);
      },
    },
    {
      name: `transfer-conformance without Prism weighs at most ${mostWeight / 1e6} MB, and the code of its page compiles`,
      async run(workplace) {
        const { tools } = workplace;
        const project = await emptyProject(workplace);
        const entries = await readdir(project, { recursive: true });
        const sizes = await Promise.all(entries.map(async (path) => (await lstat(join(project, path))).size));
        const weight = sizes.reduce((sum, size) => sum + size, 0);
        if (weight > mostWeight) throw new Error(`It weighs ${weight} bytes: find what it has come to import.`);
        const page = await readFile(join(project, 'node_modules', 'transfer-conformance', 'README.md'), 'utf8');
        const blocks = [...page.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = '']) => code);
        const files = blocks.map((_, place) => `block-${place}.mts`);
        await Promise.all(blocks.map((code, place) => writeFile(join(project, `block-${place}.mts`), code)));
        const compiler = commandOf(tools, 'typescript-5.9', 'tsc');
        await compile(project, { compiler, files, out: 'blocks' });
      },
    },
  ];
});

/** Installs the package of the conformance runner into a folder that has nothing else, or packages that it works with. */
export async function emptyProject({ folder, conformance }: Workplace, others: Packages = {}): Promise<string> {
  const project = join(folder, ['project', ...Object.keys(others)].join('-').replaceAll('/', '-'));
  await installInto(project, { [conformance.name]: conformance.file, ...others });
  return project;
}

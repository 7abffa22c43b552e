import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { commandOf } from '../../../package/install.ts';
import { root, runMeasured } from '../processes/run.ts';
import { figureOf, ratioOf, type PartResult, type Samples } from '../result.ts';
import { inTurns } from '../rounds.ts';

const own = 'npm run generate';
const whole = 'the sum of its tools';

/** How long generating everything takes, against the tools that it is made of, each run by its own command. */
export async function measureGeneration({ rounds }: Pick<Context, 'rounds'>): Promise<PartResult> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-generation-'));
  try {
    const contenders = { [own]: () => generate(folder), [whole]: () => runTools(folder) };
    const samples = await inTurns(contenders, rounds);
    const each = Object.entries(samples);
    return {
      title: 'Generation: from the contract to everything that follows',
      method:
        'Wall time and processor time of whole processes, without npm. The tools are redocly lint, redocly bundle, ' +
        'openapi-typescript and openapi-ts, one after the other.',
      figures: each.flatMap(([name, taken]) => [
        figureOf(name, 'wall', 'ms', taken),
        ...(name === whole ? [] : [figureOf(name, 'cpu', 'ms', taken)]),
      ]),
      ratios: [ratioOf(`${own} to ${whole}`, 'wall', [samples[own], samples[whole]], { atMost: 1.3 })],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function generate(folder: string): Promise<Samples> {
  const script = ['--import', './scripts/require-node.mjs', 'scripts/generate.ts', '--out', join(folder, 'generated')];
  const { wall, cpu } = await runMeasured(script);
  return { wall, cpu };
}

async function runTools(folder: string): Promise<Samples> {
  const bundle = join(folder, 'bundle.json');
  const redocly = commandOf(root, '@redocly/cli', 'redocly');
  const rules = ['--config', 'spec/redocly.yaml', 'spec/openapi.yaml'];
  const commands = [
    [redocly, 'lint', ...rules],
    [redocly, 'bundle', ...rules, '--output', bundle],
    [commandOf(root, 'openapi-typescript', 'openapi-typescript'), bundle, '--output', join(folder, 'types.ts')],
    [commandOf(root, '@hey-api/openapi-ts', 'openapi-ts'), '--input', bundle, '--output', join(folder, 'client')],
  ];
  const environment = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  let wall = 0;
  for (const command of commands) wall += (await runMeasured(command, { environment })).wall;
  return { wall };
}

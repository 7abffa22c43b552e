import { spawnSync } from 'node:child_process';
import process from 'node:process';

// The suite reads its options from CONFORMANCE_* variables, so that whatever an input holds is a value.
const { package: suite, args, artifact: _artifact, ...options } = JSON.parse(process.env.INPUTS);
const variables = Object.entries(options)
  .filter(([, value]) => value !== '' && value !== 'false')
  .map(([name, value]) => [`CONFORMANCE_${name.replaceAll('-', '_').toUpperCase()}`, value]);
const { INPUTS: _inputs, ...environment } = process.env;

const { status } = spawnSync('npx', ['--yes', suite, ...args.split(/\s+/).filter(Boolean)], {
  env: { ...environment, ...Object.fromEntries(variables) },
  stdio: 'inherit',
});
process.exitCode = status ?? 2;

import { spawnSync } from 'node:child_process';
import process from 'node:process';

// The suite reads its options from CONFORMANCE_* variables, so that whatever an input holds is a value.
const { package: suite, args, artifact: _artifact, ...options } = JSON.parse(process.env.INPUTS);
if (options.url === '') {
  // A variable that is not set, perhaps: without a URL the suite would check its mock.
  console.log('::error::The input url is empty: name the server to check.');
  process.exit(2);
}
const variables = Object.entries(options)
  .filter(([, value]) => value !== '' && value !== 'false')
  .map(([name, value]) => [`CONFORMANCE_${name.replaceAll('-', '_').toUpperCase()}`, value]);
const { INPUTS: _inputs, ...environment } = process.env;

const { status } = spawnSync('npx', ['--yes', suite, ...args.split(/\s+/).filter(Boolean)], {
  env: { ...environment, ...Object.fromEntries(variables) },
  stdio: 'inherit',
});
process.exitCode = status ?? 2;

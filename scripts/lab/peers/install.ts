import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import packages from './packages.json' with { type: 'json' };
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The tools that are compared. */
export type Tool = keyof typeof packages;

/** A tool in a folder of its own. */
export interface Installed {
  readonly folder: string;
  readonly version: string;
  /** The script that its command runs. */
  readonly command: string;
}

export const tools = Object.keys(packages) as readonly Tool[];

/**
 * Installs a tool from the npm registry into a folder below the given one, without install scripts. What is there
 * already is taken as it is.
 *
 * @throws Error with one line, if npm cannot install it.
 */
export async function install(tool: Tool, parent: string): Promise<Installed> {
  const { package: name, version, command } = packages[tool];
  const folder = join(parent, tool);
  const manifest = join(folder, 'node_modules', name, 'package.json');
  if (!existsSync(manifest)) await installInto(folder, `${name}@${version}`);
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: string | Record<string, string> };
  const script = typeof bin === 'string' ? bin : bin[command];
  if (script === undefined) throw new Error(`${name}@${version} has no command ${command}: correct packages.json.`);
  return { folder, version, command: join(folder, 'node_modules', name, script) };
}

async function installInto(folder: string, specifier: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  try {
    await promisify(execFile)('npm', ['install', ...options, specifier], { cwd: folder, timeout: 600_000 });
  } catch (error) {
    const [reason] = String((error as { stderr?: string }).stderr ?? error).split('\n');
    throw new Error(`npm could not install ${specifier}: ${reason}. Try again, or leave it out with --tool.`);
  }
}

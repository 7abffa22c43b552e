import { posix } from 'node:path';

import type { ImportStatement } from './read-imports.ts';

/** The files of the repository with their imports, by path from its root. */
export type ImportsByFile = ReadonlyMap<string, readonly ImportStatement[]>;

interface AreaRule {
  /** The areas whose code may be imported. */
  readonly code: readonly string[];
  /** The areas of which types may be imported, but no code. */
  readonly types?: readonly string[];
  /** The packages, of those that only some areas may know, that this one knows. */
  readonly packages?: readonly string[];
}

const suiteFiles = ['suite.test.ts', 'suite-run.ts', 'suite-input.ts'].map((name) => `conformance/${name}`);
const conformance = ['contract', 'target', 'checks', 'cases', 'run', 'report', 'servers', 'sources', 'config.ts'];

/**
 * Who may import whom. An area may always import itself.
 * The report knows results only, which are made of types of the contract, the target and the checks.
 * Sources of calls are loaded by their path, as users' own are.
 * The faulty servers share no code with the checks that must find their faults: that would prove nothing.
 * The client is what others import: it stands on generated code alone, and only its own tests know the mock.
 * A run is told which corruptions its answers are tried with, and corruptions know what an exchange looks like.
 */
const areaRules: Readonly<Record<string, AreaRule>> = {
  client: { code: ['generated'] },
  'tests of the client': { code: ['client', 'generated', 'contract', 'servers'], packages: ['vitest'] },
  contract: { code: [], types: ['generated'] },
  target: { code: ['contract'], types: ['generated'] },
  checks: { code: ['contract', 'target'], types: ['generated'] },
  cases: { code: ['contract', 'target', 'checks'], types: ['generated'] },
  run: { code: ['contract', 'target', 'checks', 'cases'], types: ['generated', 'servers'] },
  report: { code: [], types: ['contract', 'target', 'checks', 'run'] },
  'config.ts': { code: [] },
  sources: { code: [], types: ['target'] },
  servers: { code: ['contract'], types: ['generated', 'target'], packages: ['@stoplight'] },
  suite: { code: ['contract', 'target', 'checks', 'cases', 'run', 'servers'], packages: ['vitest'] },
  tests: { code: conformance, types: ['generated'], packages: ['vitest', '@stoplight'] },
  scripts: { code: [...conformance, 'suite', 'generated', 'client'], packages: ['vitest', '@stoplight'] },
};

const packagesOfSome = ['vitest', '@stoplight'];

/** Returns a sentence for each import that the design of this repository does not allow, and for each cycle. */
export function findForbiddenImports(importsByFile: ImportsByFile): readonly string[] {
  const forbidden = [...importsByFile].flatMap(([file, imports]) =>
    imports.flatMap((statement) => complaintAbout(file, statement) ?? []),
  );
  return [...forbidden, ...findCycles(importsByFile)];
}

function complaintAbout(file: string, { specifier, typesOnly }: ImportStatement): string | undefined {
  const area = areaOf(file);
  const rule = areaRules[area];
  if (rule === undefined) return `${file}: belongs to no area of the import rules; move it into one of their folders`;
  if (!specifier.startsWith('.')) {
    const known = packagesOfSome.find((name) => specifier === name || specifier.startsWith(`${name}/`));
    if (known === undefined || rule.packages?.includes(known)) return undefined;
    return `${file}: ${area} must not know the package ${known}`;
  }
  const imported = areaOf(resolve(file, specifier));
  if (imported === area || rule.code.includes(imported)) return undefined;
  if (!rule.types?.includes(imported)) return `${file}: ${area} must not import ${imported} (${specifier})`;
  return typesOnly ? undefined : `${file}: ${area} may import types of ${imported}, but no code (${specifier})`;
}

/** A folder of conformance/ is an area, as are its tests together, the suite, the client's tests, and each other folder at the top. */
function areaOf(file: string): string {
  if (suiteFiles.includes(file)) return 'suite';
  const [top = '', folder = ''] = file.split('/');
  if (top === 'client' && file.endsWith('.test.ts')) return 'tests of the client';
  if (top !== 'conformance') return top;
  return file.endsWith('.test.ts') ? 'tests' : folder;
}

function findCycles(importsByFile: ImportsByFile): readonly string[] {
  const cycles: string[] = [];
  const finished = new Set<string>();
  const visit = (file: string, trail: readonly string[]): void => {
    if (trail.includes(file)) {
      cycles.push(`${[...trail.slice(trail.indexOf(file)), file].join(' → ')}: is a cycle`);
      return;
    }
    if (finished.has(file)) return;
    for (const { specifier } of importsByFile.get(file) ?? []) {
      if (specifier.startsWith('.')) visit(resolve(file, specifier), [...trail, file]);
    }
    finished.add(file);
  };
  for (const file of importsByFile.keys()) visit(file, []);
  return cycles;
}

function resolve(file: string, specifier: string): string {
  return posix.join(posix.dirname(file), specifier);
}

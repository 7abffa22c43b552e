import { optionRows } from '../options.ts';
import type { ListedTarget } from './target-list.ts';

const flagOf = new Map<string, string>(optionRows.map(({ name, flag }) => [name, flag]));

/** The command line of a target's run, after `npm run conformance --`. */
export function commandLineOf(
  { url, options }: Pick<ListedTarget, 'url' | 'options'>,
  { report, yes }: { readonly report: string; readonly yes: boolean },
): string[] {
  const words = Object.entries(options).flatMap(([name, value]) => wordsOf(flagOf.get(name) ?? '', value));
  return ['--no-config', ...(yes ? ['--yes'] : []), ...words, `--report=${report}`, '--quiet', '--', url];
}

function wordsOf(flag: string, value: unknown): string[] {
  if (value === true) return [flag];
  if (value === false) return [flag.replace('--', '--no-')];
  return [value].flat().map((one) => `${flag}=${String(one)}`);
}

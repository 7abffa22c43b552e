import { runTarget, withoutReport, type TargetResult, type TargetRunSettings } from './run-target.ts';
import type { ListedTarget } from './target-list.ts';

/** How a list of targets is run. */
export interface TargetsRunSettings extends TargetRunSettings {
  /** How many targets are run at the same time. */
  readonly atOnce: number;
  /** Is told each result as soon as it is there. */
  onResult(result: TargetResult): void;
}

/**
 * Runs the suite on each target of a list, a few at the same time, each in a process of its own.
 *
 * @returns Their results in the order of the list.
 */
export async function runTargets(
  targets: readonly ListedTarget[],
  { atOnce, onResult, ...settings }: TargetsRunSettings,
): Promise<TargetResult[]> {
  const results: TargetResult[] = [];
  const waiting = targets.entries();
  const work = async () => {
    for (const [place, target] of waiting) {
      const isOver = settings.signal.aborted;
      const result = isOver
        ? withoutReport(target, 'not run, since the run was interrupted')
        : await runTarget(target, settings);
      results[place] = result;
      onResult(result);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, targets.length) }, work));
  return results;
}

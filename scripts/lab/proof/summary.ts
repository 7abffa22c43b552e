import type { Assessment } from './assessment.ts';

/** The line that tells how much the suite finds, and how often it is wrong. */
export function summaryLine({ faults, controls }: Assessment): string {
  const found = faults.filter(({ isFound }) => isFound).length;
  const alarms = controls.filter(({ isAlarm }) => isAlarm).length;
  return `faults found ${found}/${faults.length}, false alarms ${alarms}/${controls.length}`;
}

import { writeSync } from 'node:fs';
import process from 'node:process';

/** Loaded before a run of a list of targets, whose fourth stream is for this: memory in bytes, time in milliseconds. */
process.once('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  try {
    writeSync(3, `${maxRSS * 1024} ${Math.round((userCPUTime + systemCPUTime) / 1000)}`);
  } catch {
    // Whoever started it does not want to know.
  }
});

import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';

// Loaded into measured commands, and by Node.js into their workers too, whose use is part of the whole process's.
const file = process.env.BENCH_USAGE;
delete process.env.BENCH_USAGE;
if (file !== undefined && isMainThread) {
  process.on('exit', () => writeFileSync(file, JSON.stringify(process.resourceUsage())));
}

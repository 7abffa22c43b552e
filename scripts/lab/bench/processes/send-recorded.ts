import { readFileSync } from 'node:fs';
import process from 'node:process';
import { Pool, type Dispatcher } from 'undici';
import type { RecordedRequest } from './messages.ts';

// A process of its own: sends recorded requests with nothing but undici, so many at once, and reads the answers.
const [url = '', file = '', concurrency = '8'] = process.argv.slice(2);
const requests = JSON.parse(readFileSync(file, 'utf8')) as RecordedRequest[];
const pool = new Pool(url, { connections: Number(concurrency) });
const upcoming = requests.values();

async function work(): Promise<void> {
  for (const { method, path, headers, body = null } of upcoming) {
    const answer = await pool.request({ method: method as Dispatcher.HttpMethod, path, headers, body });
    await answer.body.text();
  }
}

await Promise.all(Array.from({ length: Number(concurrency) }, work));
await pool.close();

import { subscribe } from 'node:diagnostics_channel';
import process from 'node:process';
import { startPlainServer } from '../servers/plain/start.ts';

// The process of a correct server that answers at once, and tells the number of its requests when it is asked.
let requests = 0;
subscribe('http.server.request.start', () => requests++);
const server = await startPlainServer({ tokens: ['token'] });
process.on('message', () => {
  process.send?.(requests);
  requests = 0;
});
process.on('disconnect', () => process.exit());
process.send?.(server.url);

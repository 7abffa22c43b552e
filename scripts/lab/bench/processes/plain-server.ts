import { writeFileSync } from 'node:fs';
import { subscribe } from 'node:diagnostics_channel';
import process from 'node:process';
import type { Exchange } from '../../servers/plain/behaviour.ts';
import { documented } from '../../servers/plain/documented.ts';
import { startPlainServer } from '../../servers/plain/start.ts';
import type { RecordedRequest, ServedRequests, ServerMessage } from './messages.ts';

// A process of its own: a correct server that answers at once, counts requests, and records them if it is asked to.
const tokens = process.argv.slice(2);
let served: ServedRequests = { requests: 0, from: 0, until: 0 };
let recorded: RecordedRequest[] | undefined;

subscribe('http.server.request.start', () => {
  const now = performance.now();
  served = { requests: served.requests + 1, from: served.requests === 0 ? now : served.from, until: now };
});
subscribe('http.server.response.finish', () => {
  served = { ...served, until: performance.now() };
});

const server = await startPlainServer({
  tokens,
  behaviour: {
    finish: (answer, exchange) => {
      recorded?.push(recordOf(exchange));
      return documented.finish(answer, exchange);
    },
  },
});

process.on('message', (message: ServerMessage) => {
  if (message.kind === 'record') recorded = [];
  if (message.kind === 'write') writeFileSync(message.file, JSON.stringify(recorded));
  process.send?.(served);
  served = { requests: 0, from: 0, until: 0 };
});
process.on('disconnect', () => process.exit());
process.send?.(server.url);

function recordOf({ request, body }: Exchange): RecordedRequest {
  const { host: _, connection: __, 'content-length': ___, 'transfer-encoding': ____, ...headers } = request.headers;
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: headers as Record<string, string>,
    ...(body.length > 0 && { body: body.toString() }),
  };
}

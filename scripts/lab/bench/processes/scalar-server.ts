import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

interface Scalar {
  createMockServer(options: { document: unknown }): Promise<{ fetch: unknown }>;
}
interface NodeServer {
  serve(options: { fetch: unknown; port: number; hostname: string }): void;
}

// @scalar/mock-server has no command of its own: this serves it as its manual says.
const [port = '', document = '', installed = ''] = process.argv.slice(2);
const require = createRequire(pathToFileURL(installed));
const load = (name: string): Promise<unknown> => import(pathToFileURL(require.resolve(name)).href);
const { createMockServer } = (await load('@scalar/mock-server')) as Scalar;
const { serve } = (await load('@hono/node-server')) as NodeServer;
const app = await createMockServer({ document: JSON.parse(readFileSync(document, 'utf8')) as unknown });
serve({ fetch: app.fetch, port: Number(port), hostname: '127.0.0.1' });

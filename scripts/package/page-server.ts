import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Files by their path, with their media types. */
export type Files = Readonly<Record<string, { readonly type: string; readonly text: string }>>;

/** Serves a page's files on the loopback interface, and forwards what is not among them to the API, while it is used. */
export async function withPageServer<Result>(
  files: Files,
  api: string,
  use: (url: string) => Promise<Result>,
): Promise<Result> {
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    const file = files[url];
    if (file !== undefined) return void response.writeHead(200, { 'content-type': file.type }).end(file.text);
    const forwarded = { authorization: headers.authorization ?? '', 'content-type': 'application/json' };
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = chunks.length > 0 ? Buffer.concat(chunks) : null;
      void fetch(`${api}${url}`, { method, headers: forwarded, body }).then((answer) => passOn(answer, response));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function passOn(answer: Response, response: ServerResponse): Promise<void> {
  const body = await answer.text();
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' }).end(body);
}

import type { Exchange, Report } from '../model.ts';

/** Writes all exchanges as an HTTP Archive 1.2, which browsers and proxies open. Each names its case. */
export function harReport({ tool, target, startedAt, cases }: Report): string {
  const log = {
    version: '1.2',
    creator: { name: tool.name, version: tool.version },
    // Reports keep how long an exchange took, not when it began.
    comment: 'All entries have the time at which the run began.',
    entries: cases.flatMap(({ id, title, exchanges }) =>
      exchanges.map((exchange) => ({
        startedDateTime: new Date(startedAt).toISOString(),
        ...makeEntry(exchange, target.origin),
        comment: `${id}: ${title}`,
      })),
    ),
  };
  return `${JSON.stringify({ log })}\n`;
}

function makeEntry({ request, response, failure }: Exchange, origin: string): object {
  const { method, path, headers, body } = request;
  const time = response?.duration ?? 0;
  const common = { httpVersion: 'HTTP/1.1', cookies: [], headersSize: -1 };
  return {
    time,
    request: {
      ...common,
      method,
      url: `${origin}${path}`,
      headers: listPairs(Object.entries(headers)),
      queryString: listPairs(new URLSearchParams(path.replace(/^[^?]*/, ''))),
      ...(body === undefined ? {} : { postData: { mimeType: headers['content-type'] ?? '', text: body } }),
      bodySize: body === undefined ? 0 : Buffer.byteLength(body),
    },
    // A status of 0 is how browsers write that no answer came.
    response: {
      ...common,
      status: response?.status ?? 0,
      statusText: '',
      headers: listPairs(Object.entries(response?.headers ?? {})),
      content: {
        size: response?.body.length ?? 0,
        mimeType: response?.headers['content-type'] ?? 'x-unknown',
        text: response?.body.text ?? '',
      },
      redirectURL: response?.headers.location ?? '',
      bodySize: -1,
      ...(failure === undefined ? {} : { comment: failure.message }),
    },
    cache: {},
    timings: { send: 0, wait: time, receive: 0 },
  };
}

function listPairs(pairs: Iterable<readonly string[]>): { readonly name?: string; readonly value?: string }[] {
  return [...pairs].map(([name, value]) => ({ name, value }));
}

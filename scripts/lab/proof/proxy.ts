import { createInstance, getHttpOperationsFromSpec } from '@stoplight/prism-http';
import { readContract } from '../../../conformance/contract/contract.ts';
import type { Exchange } from '../../../conformance/target/exchange.ts';

type Components = Parameters<typeof createInstance>[1];

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'success'];
const logger = Object.assign(Object.fromEntries(levels.map((level) => [level, () => {}])), { child: () => logger });

let operations: ReturnType<typeof getHttpOperationsFromSpec> | undefined;

/**
 * Returns what Prism's validation proxy says of an answer that passes through it: its router and its validator, with the
 * recorded answer in place of the server's.
 *
 * @param mountedAt - The path before `/uapi/`.
 */
export async function proxyViolations({ request, response }: Exchange, mountedAt: string): Promise<string[]> {
  if (response === undefined) return [];
  operations ??= getHttpOperationsFromSpec(structuredClone(readContract().document));
  const { status: statusCode, headers, body } = response;
  const isJson = /^application\/(?:json|.+\+json)\b/i.test(headers['content-type'] ?? '') && statusCode !== 204;
  if (isJson && body.json === undefined) return ['The body is not JSON.'];
  const answer = { statusCode, headers, body: isJson ? body.json?.value : body.text };
  const forward = () => () => () => Promise.resolve({ _tag: 'Right', right: answer });
  const upstream = new URL('http://127.0.0.1');
  const settings = { isProxy: true, checkSecurity: false, validateRequest: false, validateResponse: true } as const;
  const proxy = createInstance(
    { ...settings, errors: false, upstream, upstreamProxy: undefined, mock: { dynamic: false } },
    { logger, forward } as unknown as Components,
  );
  const path = (request.path.split('?')[0] ?? '').slice(mountedAt.length);
  const method = request.method.toLowerCase() as 'get';
  const outcome = await proxy.request({ method, url: { path } }, await operations)();
  if (outcome._tag === 'Left') throw outcome.left;
  return outcome.right.validations.output.map(({ message, path: at = [] }) => `${at.join('/')} ${message}`.trim());
}

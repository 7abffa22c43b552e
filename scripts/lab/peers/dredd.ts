import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject, JsonValue } from '../../../conformance/contract/json.ts';
import { asOpenApi30, preparedDocument } from './documents.ts';
import type { Installed } from './install.ts';
import { limits, type Peer, type PeerVerdict } from './peer.ts';
import { runCommandOf, type Ended } from './run-process.ts';
import { script, type ScriptedRequest } from './script.ts';

const configuration =
  'The contract in OpenAPI 3.0, one document for each request of the script, as its manual advises for scenarios; ' +
  'hooks for the token, for the statuses that are allowed beside the first, and for the error codes. ' +
  'It compares bodies with examples, not with schemas, and its manual calls it not the best tool for chains of requests, so that it ' +
  'does not read the call back.';

/** Dredd with one document for each request of the script. */
export function dreddPeer({ folder, version, command }: Installed): Peer {
  const documents = writeDocuments(folder);
  return {
    id: 'dredd',
    version,
    rows: [{ name: 'Dredd', configuration }],
    run: async (url) => {
      const paths = documents.slice(1).flatMap((path) => ['--path', path]);
      const parameters = [documents[0] ?? '', url, ...paths, '--hookfiles', join(folder, 'hooks.cjs'), '--no-color'];
      return [verdictOf(await runCommandOf(command, parameters, folder, limits.run))];
    },
  };
}

/** Reads the verdict from the last line in which Dredd counts its transactions. */
export function verdictOf({ output, timedOut }: Pick<Ended, 'output' | 'timedOut'>): PeerVerdict {
  if (timedOut) return 'timed out';
  const counts = /(\d+) passing, (\d+) failing, (\d+) errors, \d+ skipped, (\d+) total/.exec(output);
  if (counts === null || counts[4] === '0') return 'crashed';
  return counts[2] === '0' && counts[3] === '0' ? 'passed' : 'failed';
}

function writeDocuments(folder: string): string[] {
  rmSync(join(folder, 'scenarios'), { recursive: true, force: true });
  mkdirSync(join(folder, 'scenarios'), { recursive: true });
  writeFileSync(join(folder, 'script.json'), JSON.stringify(script));
  copyFileSync(new URL('dredd-hooks.cjs', import.meta.url), join(folder, 'hooks.cjs'));
  return script.map((request, index) => {
    const path = join(folder, 'scenarios', `${String(index).padStart(2, '0')}-${request.id}.json`);
    writeFileSync(path, JSON.stringify(scenarioOf(request), null, 2));
    return path;
  });
}

/**
 * The contract of one request alone: its values as examples, and its first allowed answer as the only one. Where a
 * description has an example, Dredd compares with it and leaves the schema aside, which would only cost it time.
 */
export function scenarioOf(request: ScriptedRequest): JsonObject {
  const document = preparedDocument('http://127.0.0.1');
  const [path, item] = Object.entries(document.paths as JsonObject)[0] as [string, JsonObject];
  const method = request.method.toLowerCase();
  const operation = item[method] as JsonObject;
  const parameters = (operation.parameters as JsonObject[]).map((parameter) => withExample(parameter, request));
  const status = String(request.allowed[0]?.status);
  const responses = { [status]: (operation.responses as JsonObject)[status] ?? null };
  const changed = { ...operation, parameters, responses, ...bodyOf(operation, request) };
  const info = { ...(document.info as JsonObject), title: request.id };
  return asOpenApi30(withoutBodySchemas({ ...document, info, paths: { [path]: { [method]: changed } } }));
}

function withExample({ examples: _, ...parameter }: JsonObject, request: ScriptedRequest): JsonObject {
  return { ...parameter, example: request[parameter.name as 'userId' | 'extension' | 'phoneCallId'] };
}

function bodyOf({ requestBody }: JsonObject, { body }: ScriptedRequest): JsonObject {
  if (requestBody === undefined || typeof body !== 'object') return {};
  const { content } = requestBody as { content: JsonObject };
  const { examples: _, ...media } = content['application/json'] as JsonObject;
  const example: JsonValue = { ...body };
  return { requestBody: { content: { 'application/json': { ...media, example } } } };
}

function withoutBodySchemas(value: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(value), (name, member: JsonObject) => {
    if (name !== 'application/json') return member;
    const { schema: _, ...media } = member;
    return media;
  }) as JsonObject;
}

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { JsonObject, JsonValue } from '../../../conformance/contract/json.ts';
import { preparedDocument, schemaOf } from './documents.ts';
import type { Installed } from './install.ts';
import { limits, type Peer, type PeerVerdict } from './peer.ts';
import { runCommandOf, type Ended } from './run-process.ts';
import { liveCall, pathOf, script, validToken, type ScriptedRequest } from './script.ts';

const configuration =
  'The workflow that it generates from the contract, without the check for the exact examples and with the token ' +
  'added, and the script as a second workflow: statuses, schemas, error codes, and reading back with retries. ' +
  'A check cannot bind a code to one of several allowed statuses.';

/** Step CI with its generated workflow and the script. */
export async function stepCiPeer({ folder, version, command }: Installed): Promise<Peer> {
  await generateWorkflow(folder, command);
  const workflow = join(folder, 'workflow.yml');
  return {
    id: 'stepci',
    version,
    rows: [{ name: 'Step CI', configuration }],
    run: async (url) => {
      const parameters = ['run', workflow, '--env', `target=${url}`];
      return [verdictOf(await runCommandOf(command, parameters, folder, limits.run))];
    },
  };
}

/** Reads the verdict from the summary of Step CI. */
export function verdictOf({ output, exitCode, timedOut }: Ended): PeerVerdict {
  if (timedOut) return 'timed out';
  if (!/Workflow (?:passed|failed)/.test(output)) return 'crashed';
  return exitCode === 0 && /Workflow passed/.test(output) ? 'passed' : 'failed';
}

async function generateWorkflow(folder: string, command: string): Promise<void> {
  const document = join(folder, 'openapi.json');
  const generated = join(folder, 'generated.yml');
  writeFileSync(document, JSON.stringify(preparedDocument('${{env.target}}')));
  const parameters = ['generate', document, generated, '--checkExamples=false'];
  const { exitCode, output } = await runCommandOf(command, parameters, folder, limits.run);
  if (exitCode !== 0) throw new Error(`Step CI could not generate a workflow from ${document}: ${output.trim()}`);
  const workflow = workflowOf(parse(readFileSync(generated, 'utf8')) as JsonObject);
  writeFileSync(join(folder, 'workflow.yml'), stringify(workflow, { aliasDuplicateObjects: false }));
}

/** The generated workflow with the token added to its steps, and the script as further tests. */
export function workflowOf(generated: JsonObject): JsonObject {
  const tests = Object.entries(generated.tests as JsonObject).map(([id, test]) => [id, authorized(test as JsonObject)]);
  const scripted = script.map((request) => [request.id, { steps: stepsOf(request) }]);
  const config = { ...(generated.config as JsonObject), concurrency: 1 };
  return {
    version: '1.1',
    name: 'Transfer',
    env: { target: '' },
    config,
    tests: Object.fromEntries([...tests, ...scripted]),
  };
}

function authorized(test: JsonObject): JsonObject {
  const auth = { bearer: { token: validToken } };
  const steps = (test.steps as JsonObject[]).map((step) => {
    return { ...step, http: { ...(step.http as JsonObject), auth, timeout: limits.request } };
  });
  return { ...test, steps };
}

function stepsOf(request: ScriptedRequest): JsonValue[] {
  const { id, method, token, body } = request;
  const http: JsonObject = {
    url: pathOf(request),
    method,
    timeout: limits.request,
    followRedirects: false,
    ...(token === undefined ? {} : { auth: { bearer: { token } } }),
    ...(typeof body === 'string' ? { headers: { 'Content-Type': 'application/json' }, body } : {}),
    ...(typeof body === 'object' ? { json: { ...body } } : {}),
    check: checksOf(request),
  };
  return [{ name: id, http }, ...readingBack(request)];
}

function checksOf(request: ScriptedRequest): JsonObject {
  const { allowed } = request;
  const statuses = allowed.map(({ status }) => status);
  const schemas = [...new Map(statuses.map((status) => [String(status), schemaFor(request, status)])).values()];
  const codes = [...new Set(allowed.map(({ code }) => code))];
  const code = codes.length === 1 ? codes[0] : undefined;
  return {
    status: `/^(?:${statuses.join('|')})$/`,
    schema: { anyOf: schemas },
    ...(code === undefined ? {} : { jsonpath: { '$.error.code': code } }),
  };
}

/** What the body of an answer with a status must be; without a body it is read as an empty text. */
function schemaFor({ method, phoneCallId }: ScriptedRequest, status: number): JsonObject {
  if (status === 204) return { const: '' };
  const schema = schemaOf(method, status);
  if (status >= 400 || method === 'GET') return schema;
  return { allOf: [schema, { properties: { id: { const: phoneCallId } } }] };
}

function readingBack({ movesTo }: ScriptedRequest): JsonValue[] {
  if (movesTo === undefined) return [];
  const { userId, extension, phoneCallId } = liveCall;
  const http = {
    url: `/uapi/phoneCalls/${userId}/${extension}/${phoneCallId}`,
    method: 'GET',
    timeout: limits.request,
    auth: { bearer: { token: validToken } },
  };
  const first = { ...http, captures: { shown: { body: true } }, check: { status: '/^(?:200|204|501)$/' } };
  const shown = { ...http, check: { jsonpath: { '$..destination[*]': [{ in: movesTo }] } } };
  return [
    { name: 'read back', http: first },
    { name: 'moved', if: 'captures.shown ~= "destination"', http: shown, retries: { count: 2, interval: 300 } },
  ];
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonObject, JsonValue } from '../../../conformance/contract/json.ts';
import { contractFile } from './documents.ts';
import type { Installed } from './install.ts';
import { limits, type Peer, type PeerVerdict } from './peer.ts';
import { runCommandOf, type Ended } from './run-process.ts';
import { liveCall, script, validToken, type ScriptedRequest } from './script.ts';

const configuration =
  'The script as an Arazzo description, one workflow for each request: success criteria for statuses, codes and the ' +
  'id, reading back with retries, and its own checks of status, media type and schema. ' +
  'It sends the body that is no JSON as a JSON text.';

/** Redocly Respect with the script as an Arazzo description. */
export function respectPeer({ folder, version, command }: Installed): Peer {
  const description = join(folder, 'transfer.arazzo.json');
  writeFileSync(description, JSON.stringify(arazzoOf(script), null, 2));
  const timeout = ['--max-fetch-timeout', String(limits.request)];
  return {
    id: 'respect',
    version,
    rows: [{ name: 'Redocly Respect', configuration }],
    run: async (url) => {
      const parameters = ['respect', description, '--server', `transfer=${url}`, ...timeout];
      return [verdictOf(await runCommandOf(command, parameters, folder, limits.run))];
    },
  };
}

/** Reads the verdict from the summary of Respect. */
export function verdictOf({ output, timedOut }: Pick<Ended, 'output' | 'timedOut'>): PeerVerdict {
  if (timedOut) return 'timed out';
  const workflows = /Workflows: (?:(\d+) passed, )?(?:(\d+) failed, )?(?:\d+ \w+, )*(\d+) total/.exec(output);
  if (workflows === null || workflows[3] === '0') return 'crashed';
  return workflows[2] === undefined || workflows[2] === '0' ? 'passed' : 'failed';
}

/** The requests as an Arazzo description. */
export function arazzoOf(requests: readonly ScriptedRequest[]): JsonObject {
  return {
    arazzo: '1.0.1',
    info: { title: 'Transfer PhoneCalls', version: '1.0.0' },
    sourceDescriptions: [{ name: 'transfer', type: 'openapi', url: fileURLToPath(contractFile) }],
    workflows: requests.map((request) => ({
      workflowId: request.id,
      steps: [stepOf(request), ...readingBack(request)],
    })),
  };
}

function stepOf(request: ScriptedRequest): JsonObject {
  const { method, body } = request;
  const payload: JsonValue = typeof body === 'string' ? body : { ...body };
  return {
    stepId: 'request',
    operationId: method === 'PUT' ? 'transferPhoneCall' : 'getPhoneCall',
    parameters: parametersOf(request),
    ...(body === undefined ? {} : { requestBody: { contentType: 'application/json', payload } }),
    successCriteria: criteriaOf(request).map((condition) => ({ condition })),
  };
}

function parametersOf(request: Pick<ScriptedRequest, 'userId' | 'extension' | 'phoneCallId' | 'token'>): JsonObject[] {
  const { userId, extension, phoneCallId, token } = request;
  const path = Object.entries({ userId, extension, phoneCallId });
  return [
    ...path.map(([name, value]) => ({ name, in: 'path', value })),
    ...(token === undefined ? [] : [{ name: 'Authorization', in: 'header', value: `Bearer ${token}` }]),
  ];
}

/** A condition has no parentheses, so that a status and its code are bound as "not that status, or the code". */
function criteriaOf({ method, allowed, phoneCallId }: ScriptedRequest): string[] {
  const statuses = allowed.map(({ status }) => `$statusCode == ${status}`).join(' || ');
  const codes = allowed
    .filter(({ code }) => code !== undefined)
    .map(({ status, code }) => `$statusCode != ${status} || $response.body#/error/code == '${code}'`);
  const transfers = method === 'PUT' && allowed.some(({ status }) => status === 200);
  return [statuses, ...codes, ...(transfers ? [`$statusCode == 204 || $response.body#/id == '${phoneCallId}'`] : [])];
}

function readingBack({ movesTo }: ScriptedRequest): JsonObject[] {
  if (movesTo === undefined) return [];
  const step = { operationId: 'getPhoneCall', parameters: parametersOf({ ...liveCall, token: validToken }) };
  const documented = { condition: '$statusCode == 200 || $statusCode == 204 || $statusCode == 501' };
  const shown = { context: '$response.body', condition: `$..destination[?(@ == '${movesTo}')]`, type: 'jsonpath' };
  return [
    {
      ...step,
      stepId: 'read-back',
      successCriteria: [documented],
      onSuccess: [{ name: 'nothing-to-read', type: 'end', criteria: [{ condition: '$statusCode != 200' }] }],
    },
    {
      ...step,
      stepId: 'moved',
      successCriteria: [{ condition: '$statusCode == 200' }, shown],
      onFailure: [{ name: 'again', type: 'retry', retryAfter: 0.3, retryLimit: 2 }],
    },
  ];
}

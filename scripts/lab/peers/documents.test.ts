import { expect, test } from 'vitest';
import { asOpenApi30, preparedDocument, schemaOf } from './documents.ts';
import { scenarioOf } from './dredd.ts';
import { arazzoOf } from './respect.ts';
import { script, type ScriptedRequest } from './script.ts';
import { workflowOf } from './step-ci.ts';

const example = script.find(({ id }) => id === 'send-call-to-invalid') as ScriptedRequest;

test('the prepared document has no references and no operation of another profile', () => {
  const document = preparedDocument('http://127.0.0.1:1');
  expect(JSON.stringify(document.paths)).not.toContain('$ref');
  expect(JSON.stringify(document.paths)).not.toContain('x-profile');
  expect(document.servers).toEqual([{ url: 'http://127.0.0.1:1' }]);
});

test('the words of OpenAPI 3.1 are put in those of 3.0', () => {
  const document = asOpenApi30({
    openapi: '3.1.1',
    info: { title: 'A', version: '1', summary: 'gone' },
    components: {},
    paths: { '/a': { get: { schema: { const: 'x', type: ['string', 'integer'], examples: ['y', 'z'] } } } },
  });
  expect(document).toMatchObject({ openapi: '3.0.3', info: { title: 'A', version: '1' } });
  expect(document.paths).toEqual({
    '/a': { get: { schema: { enum: ['x'], anyOf: [{ type: 'string' }, { type: 'integer' }], example: 'y' } } },
  });
});

test('a status that is not described has the schema of any error', () => {
  expect(schemaOf('PUT', 422)).toEqual(schemaOf('PUT', 403));
});

test('Dredd gets a document with the values of the request as examples', () => {
  const text = JSON.stringify(scenarioOf(example));
  expect(text).toContain('"title":"send-call-to-invalid"');
  expect(text).toContain('"sendCallTo":"nobody"');
});

test('Step CI gets the generated steps with the token, and the script', () => {
  const workflow = workflowOf({ config: {}, tests: { phoneCalls: { steps: [{ http: { url: '/' } }] } } });
  expect(workflow.tests).toMatchObject({
    phoneCalls: { steps: [{ http: { auth: { bearer: { token: 'proof-token' } } } }] },
  });
  expect(Object.keys(workflow.tests as object)).toHaveLength(script.length + 1);
});

test('Respect gets a workflow for each request, with the code bound to its status', () => {
  const { workflows } = arazzoOf([example]);
  expect(workflows).toMatchObject([
    {
      workflowId: 'send-call-to-invalid',
      steps: [
        {
          successCriteria: [
            { condition: '$statusCode == 400' },
            { condition: "$statusCode != 400 || $response.body#/error/code == 'pc_sendcallto_invalid'" },
          ],
        },
      ],
    },
  ]);
});

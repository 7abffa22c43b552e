const hooks = require('hooks');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const script = new Map(
  JSON.parse(readFileSync(join(__dirname, 'script.json'), 'utf8')).map((request) => [request.id, request]),
);

function requestOf(transaction) {
  return script.get(transaction.origin.apiName);
}

hooks.beforeEach((transaction) => {
  const { token, body } = requestOf(transaction);
  if (token !== undefined) transaction.request.headers.Authorization = `Bearer ${token}`;
  if (typeof body === 'string') transaction.request.body = body;
});

hooks.beforeEachValidation((transaction) => {
  const { allowed } = requestOf(transaction);
  const { statusCode } = transaction.real;
  if (!allowed.some(({ status }) => status === Number(statusCode))) return;
  transaction.expected.statusCode = String(statusCode);
  if (Number(statusCode) === 204) {
    delete transaction.expected.body;
    transaction.expected.headers = {};
  }
});

hooks.afterEach((transaction) => {
  const { allowed } = requestOf(transaction);
  const status = Number(transaction.real?.statusCode);
  const answer = allowed.find((one) => one.status === status);
  if (answer?.code !== undefined && codeOf(transaction.real.body) !== answer.code) {
    transaction.fail = `expected the code ${answer.code}`;
  }
});

function codeOf(body) {
  try {
    return JSON.parse(body).error.code;
  } catch {
    return undefined;
  }
}

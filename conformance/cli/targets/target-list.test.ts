import { describe, expect, test } from 'vitest';
import { InputError } from '../../contract/input-error.ts';
import { createCommandLine } from './run-target.ts';
import { parseTargetList } from './target-list.ts';

const environment = { PBX_TOKEN: 'secret', APP_SECRET: 'app' };
const read = (text: string) => parseTargetList(text, 'lists/t', environment);

describe('a list of targets', () => {
  test('has names, URLs, options, and secrets by their variables', () => {
    const targets = read(`
- name: pbx-1
  url: https://pbx-1.example.com/api
  tokenVariable: PBX_TOKEN
  profile: [core, bulk]
  timeout: 9000
  strict: true
  ca: company.pem
  fixture: { user: '12', sendTo: ['3235742879', '0003*212'] }
- { name: pbx-2, url: 'http://127.0.0.1:8080', clientId: app, clientSecretVariable: APP_SECRET }
`);
    expect(targets).toEqual([
      {
        name: 'pbx-1',
        url: 'https://pbx-1.example.com/api',
        options: {
          profile: ['core', 'bulk'],
          timeout: 9000,
          strict: true,
          ca: 'lists/company.pem',
          user: '12',
          sendTo: ['3235742879', '0003*212'],
        },
        secrets: { CONFORMANCE_TOKEN: 'secret' },
      },
      {
        name: 'pbx-2',
        url: 'http://127.0.0.1:8080',
        options: { clientId: 'app' },
        secrets: { CONFORMANCE_CLIENT_SECRET: 'app' },
      },
    ]);
  });

  test('may have common options, which those of a target win over', () => {
    const targets = read(`
common: { tokenVariable: PBX_TOKEN, timeout: 1, only: [body], fixture: { user: '1', call: c } }
targets:
  - { name: a, url: 'http://a.example' }
  - { name: b, url: 'http://b.example', timeout: 2, fixture: { user: '2' } }
`);
    expect(targets.map(({ options }) => options)).toEqual([
      { timeout: 1, only: ['body'], user: '1', call: 'c' },
      { timeout: 2, only: ['body'], user: '2', call: 'c' },
    ]);
    expect(targets.map(({ secrets }) => secrets)).toEqual([
      { CONFORMANCE_TOKEN: 'secret' },
      { CONFORMANCE_TOKEN: 'secret' },
    ]);
  });
});

const target = "- name: a\n  url: 'http://a.example'\n";

describe('one line with the place for', () => {
  test.each([
    ['no YAML', "- name: 'a\n", 't:2:1: this is not YAML: Missing closing'],
    ['nothing', '', 't: expected a list of targets'],
    ['an empty list', '[]', 't:1:1: expected a list of targets'],
    ['items that are texts', '- pbx-1\n', 't:1:3: expected a mapping with name and url.'],
    ['a mapping of something else', 'target: []\n', 't:1:1: unknown key target: expected a list of targets, or'],
    ['common options alone', 'common: { strict: true }\n', 't:1:1: expected a list of targets'],
    ['no name', "- url: 'http://a.example'\n", 't:1:3: a target without a name'],
    ['no url', '- name: a\n', 't:1:3: target a has no url'],
    ['a name of no folder', "- name: ../a\n  url: 'http://a'\n", 't:1:9: the name "../a" must also be the name of a'],
    ['a name that is a number', "- name: 7\n  url: 'http://a'\n", 't:1:9, name: expected a text that is not empty'],
    [
      'a file of the overview',
      "- name: Index.html\n  url: 'http://a'\n",
      't:1:9: the name Index.html is that of a file',
    ],
    ['an alias of nothing', `${target}  only: [*u]\n`, 't:3:10: the alias *u stands for nothing: set &u before it.'],
    ['a key that every object has', `${target}  __proto__: x\n`, 't:3:3: unknown key __proto__.'],
    ['a variable of all objects', `${target}  tokenVariable: toString\n`, 't:3:18: the environment has no toString,'],
    ['a name twice', `${target}- { name: A, url: 'http://b' }\n`, 't:3:3: there are two targets A'],
    ['a key twice', `${target}  url: b\n`, 't:3:3: this is not YAML: Map keys must be unique'],
    ['an unknown key', `${target}  tokenVarable: T\n`, 't:3:3: unknown key tokenVarable: did you mean tokenVariable?'],
    [
      'an unknown part',
      `${target}  fixture: { usr: '1' }\n`,
      't:3:12, fixture: unknown key usr: did you mean fixture.',
    ],
    ['a wrong value', `${target}  timeout: soon\n`, 't:3:12, timeout: expected a whole number from 1 to 600000, got'],
    ['a URL that is none', '- name: a\n  url: a.example\n', 't:2:8, url: '],
    ['a token', `${target}  token: secret\n`, 't:3:3, token: a secret must not stand in a file'],
    ['a report folder', `${target}  report: r\n`, 't:3:3, report: each target has its own folder'],
    ['consent', `${target}  yes: true\n`, 't:3:3, yes: it is for the command line only.'],
    [
      'an unset variable',
      `${target}  tokenVariable: P9\n`,
      't:3:18: the environment has no P9, which is the tokenVariable of target a.',
    ],
  ])('%s', (_, text, message) => {
    expect(() => read(text)).toThrow(InputError);
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).not.toThrow('\n');
  });
});

test('a target is a command line', () => {
  const options = { timeout: 9000, strict: true, annotate: false, sendTo: ['-1', '2'] };
  const words = createCommandLine({ url: 'http://a', options }, { report: 'r/a', yes: true });
  expect(words.join(' ')).toBe(
    '--no-config --yes --timeout=9000 --strict --no-annotate --send-to=-1 --send-to=2 --report=r/a --quiet -- http://a',
  );
});

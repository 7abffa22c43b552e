import { flag, input, oneOf, path, several, text, wholeNumber, type OptionValue } from './option-values.ts';
import { shard } from './shard.ts';

/** An option of `npm run conformance`. */
export interface ConformanceOption {
  readonly group: OptionGroup;
  /** The flag, and what its value is called in the help. */
  readonly flags: string;
  /** Fits the rest of the flag's line in the help. */
  readonly description: string;
  readonly value: OptionValue;
  readonly default?: number | string;
  /** Where it stands in a configuration file: a key, or a key within `fixture`. */
  readonly key?: string;
  /** Why it has no key: what a configuration file that names it is told. */
  readonly notInFile?: string;
}

/** The headings of the help, in their order. */
export type OptionGroup = 'Target' | 'Call to transfer' | 'What is run' | 'Limits' | 'Verdict and reports' | 'Other';

/** What a configuration file is told that holds a secret. */
export const secretsBelong = (variable: string): string =>
  `a secret must not stand in a file: set ${variable} in the environment`;

const commandLineOnly = 'it is for the command line only';

/** The options of `npm run conformance`, in the order of its help. */
export const conformanceOptions: readonly ConformanceOption[] = [
  {
    group: 'Target',
    flags: '--token <token>',
    description: 'the bearer token; better in CONFORMANCE_TOKEN',
    value: text,
    notInFile: secretsBelong('CONFORMANCE_TOKEN'),
  },
  {
    group: 'Target',
    flags: '--token-file <file>',
    description: 'its first line is the token; - is standard input',
    value: input,
    key: 'tokenFile',
  },
  {
    group: 'Target',
    flags: '--client-id <id>',
    description: 'fetch tokens, by CONFORMANCE_CLIENT_SECRET',
    value: text,
    key: 'clientId',
  },
  {
    group: 'Target',
    flags: '--token-url <url>',
    description: 'where; /oauth/token.php of the server if left out',
    value: text,
    key: 'tokenUrl',
  },
  {
    group: 'Target',
    flags: '--ca <file>',
    description: 'certificates to trust beside the usual ones, PEM',
    value: path,
    key: 'ca',
  },
  {
    group: 'Target',
    flags: '--cert <file>',
    description: "the client's certificate, PEM",
    value: path,
    key: 'cert',
  },
  {
    group: 'Target',
    flags: '--key <file>',
    description: 'its key, by CONFORMANCE_KEY_PASSPHRASE',
    value: path,
    key: 'key',
  },
  {
    group: 'Target',
    flags: '--insecure',
    description: 'take any certificate of the server',
    value: flag,
    key: 'insecure',
  },
  {
    group: 'Call to transfer',
    flags: '--user <id>',
    description: 'the User that owns it',
    value: text,
    key: 'fixture.user',
  },
  {
    group: 'Call to transfer',
    flags: '--extension <n>',
    description: 'its extension',
    value: text,
    key: 'fixture.extension',
  },
  { group: 'Call to transfer', flags: '--call <id>', description: 'its id', value: text, key: 'fixture.call' },
  {
    group: 'Call to transfer',
    flags: '--send-to <n>',
    description: 'a number that it may go to; repeatable',
    value: several(text),
    key: 'fixture.sendTo',
  },
  {
    group: 'Call to transfer',
    flags: '--from <n>',
    description: 'the party that transfers it',
    value: text,
    key: 'fixture.from',
  },
  {
    group: 'Call to transfer',
    flags: '--number <n>',
    description: 'the party that is transferred',
    value: text,
    key: 'fixture.number',
  },
  {
    group: 'Call to transfer',
    flags: '--other-call <id>',
    description: 'ID or EXTENSION/ID that must not move; repeatable',
    value: several(text),
    key: 'fixture.otherCall',
  },
  {
    group: 'Call to transfer',
    flags: '--idle-extension <n>',
    description: 'an extension without calls, for profile bulk',
    value: text,
    key: 'fixture.idleExtension',
  },
  {
    group: 'Call to transfer',
    flags: '--calls <module>',
    description: 'a module that places calls that are used up',
    value: path,
    key: 'calls',
  },
  {
    group: 'Call to transfer',
    flags: '--yes',
    description: 'transfer it on a live system without a question',
    value: flag,
    notInFile: commandLineOnly,
  },
  {
    group: 'What is run',
    flags: '--profile <name>',
    description: 'core, or bulk, which moves all calls; repeatable',
    value: several(oneOf('core', 'bulk')),
    key: 'profile',
  },
  {
    group: 'What is run',
    flags: '--only <pattern>',
    description: 'an id, a group, or with * for anything; repeatable',
    value: several(text),
    key: 'only',
  },
  {
    group: 'What is run',
    flags: '--list',
    description: 'print requirements and cases, send nothing',
    value: flag,
    notInFile: commandLineOnly,
  },
  {
    group: 'What is run',
    flags: '--shard <i/n>',
    description: 'part i of n; conformance:merge puts them together',
    value: shard,
    key: 'shard',
  },
  {
    group: 'What is run',
    flags: '--fuzz <n>',
    description: 'N more, generated values for each constraint',
    value: wholeNumber(0, 1_000_000),
    key: 'fuzz',
  },
  {
    group: 'What is run',
    flags: '--seed <n>',
    description: 'the seed of an earlier --fuzz',
    value: wholeNumber(0, 2 ** 31 - 1),
    key: 'seed',
  },
  {
    group: 'What is run',
    flags: '--read-only',
    description: 'send only what reads or must be refused',
    value: flag,
    key: 'readOnly',
  },
  {
    group: 'Limits',
    flags: '--timeout <ms>',
    description: 'of a request',
    value: wholeNumber(1, 600_000),
    default: 5000,
    key: 'timeout',
  },
  {
    group: 'Limits',
    flags: '--connect-timeout <ms>',
    description: 'of connecting, as part of --timeout',
    value: wholeNumber(1, 600_000),
    key: 'connectTimeout',
  },
  {
    group: 'Limits',
    flags: '--first-byte-timeout <ms>',
    description: 'of the first byte, as part of --timeout',
    value: wholeNumber(1, 600_000),
    key: 'firstByteTimeout',
  },
  {
    group: 'Limits',
    flags: '--max-timeouts <n>',
    description: 'in a row, before the rest is unreached; 3 if not',
    value: wholeNumber(1, 1000),
    key: 'maxTimeouts',
  },
  {
    group: 'Limits',
    flags: '--max-duration <seconds>',
    description: 'of the whole run; the rest is unreached',
    value: wholeNumber(1, 86_400),
    key: 'maxDuration',
  },
  {
    group: 'Limits',
    flags: '--effect-timeout <ms>',
    description: 'within which a transfer must show',
    value: wholeNumber(0, 600_000),
    default: 5000,
    key: 'effectTimeout',
  },
  {
    group: 'Limits',
    flags: '--concurrency <n>',
    description: 'requests under way at once',
    value: wholeNumber(1, 64),
    default: 8,
    key: 'concurrency',
  },
  {
    group: 'Limits',
    flags: '--rate <n>',
    description: 'requests a second; as many as there are if not',
    value: wholeNumber(1, 10_000),
    key: 'rate',
  },
  {
    group: 'Verdict and reports',
    flags: '--strict',
    description: 'a broken SHOULD is a violation too',
    value: flag,
    key: 'strict',
  },
  {
    group: 'Verdict and reports',
    flags: '--self-check',
    description: 'how many wrong answers would have been caught',
    value: flag,
    key: 'selfCheck',
  },
  {
    group: 'Verdict and reports',
    flags: '--report <dir>',
    description: 'write the reports into this folder',
    value: path,
    key: 'report',
  },
  {
    group: 'Verdict and reports',
    flags: '--open',
    description: 'open its report.html in the browser',
    value: flag,
    key: 'open',
  },
  {
    group: 'Verdict and reports',
    flags: '--known <file>',
    description: 'known failures, which are no violations',
    value: path,
    key: 'known',
  },
  {
    group: 'Verdict and reports',
    flags: '--annotate',
    description: 'annotations, as within GitHub Actions',
    value: flag,
    key: 'annotate',
  },
  {
    group: 'Verdict and reports',
    flags: '--quiet',
    description: 'no progress or totals: what is wrong, the verdict',
    value: flag,
    key: 'quiet',
  },
  {
    group: 'Other',
    flags: '--config <file>',
    description: 'instead of conformance.config.ts, .js or .json',
    value: path,
    notInFile: commandLineOnly,
  },
  {
    group: 'Other',
    flags: '--no-config',
    description: 'no configuration file',
    value: flag,
    notInFile: commandLineOnly,
  },
];

export const description = 'Checks a server; without a URL the mock is started and checked.';

export const examples: readonly string[] = [
  'npm run conformance',
  'npm run conformance -- http://127.0.0.1:8080 --report report',
  "npm run conformance -- http://127.0.0.1:8080 --only body --only 'errors/*'",
  'CONFORMANCE_TOKEN=… npm run conformance -- https://pbx.example.com --user 12 \\',
  "  --extension '0003*210' --call b817d26 --send-to 3235742879 --from '0003*024'",
];

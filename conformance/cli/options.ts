import { z } from 'zod';
import { flag, headerField, oneOf, path, serverUrl, shardPart, text, wholeNumber } from './option-values.ts';

/** The headings of the help, in their order. */
export type OptionGroup = 'Target' | 'Call to transfer' | 'What is run' | 'Limits' | 'Verdict and reports' | 'Other';

/** One option of a conformance run. */
export interface OptionRow {
  readonly value: z.ZodType;
  /** The flag with a placeholder for its value, or the argument. */
  readonly flags: string;
  readonly group: OptionGroup;
  readonly description: string;
  readonly default?: unknown;
  /** Shown by `--help`; the others are shown by `--help --all`. */
  readonly everyday?: true;
  /** Its place in a configuration file, or the reason why it has none. */
  readonly file: 'top' | 'fixture' | 'secret' | 'command line';
  /** True if reports name it among the settings of a run. Never true for a secret. */
  readonly report: boolean;
  /** `same`: all shards of a run must have the same value. `own`: each may have another one. */
  readonly shards: 'same' | 'own';
  /** True if what sends requests reads it: it is then a member of the target. */
  readonly target?: true;
}

const access = { group: 'Target', file: 'top', report: false, shards: 'own' } as const;
const fixture = { group: 'Call to transfer', file: 'fixture', report: true, shards: 'own' } as const;
const selection = { group: 'What is run', file: 'top', report: true, shards: 'same' } as const;
const limit = { group: 'Limits', file: 'top', report: true, shards: 'same', target: true } as const;
const output = { group: 'Verdict and reports', file: 'top', report: false, shards: 'own' } as const;
const once = { file: 'command line', report: false, shards: 'own' } as const;

/**
 * The options of a conformance run, in the order of the help. Flags, help, configuration file and its JSON Schema,
 * `CONFORMANCE_*` variables, the manual, the settings in reports and the comparison of shards all come from this table.
 */
export const optionTable = {
  url: {
    ...access,
    value: serverUrl(),
    flags: '[url]',
    description: 'server to check; without it the mock is started and checked',
    everyday: true,
  },
  token: {
    ...access,
    value: text(),
    flags: '--token <token>',
    description: 'bearer token; better in CONFORMANCE_TOKEN or a file',
    file: 'secret',
  },
  tokenFile: {
    ...access,
    value: path('-'),
    flags: '--token-file <file>',
    description: 'file whose first line is the token; - is standard input',
    everyday: true,
  },
  otherToken: {
    ...access,
    value: text(),
    flags: '--other-token <token>',
    description: 'token of another User, which must not reach the call; better in CONFORMANCE_OTHER_TOKEN',
    file: 'secret',
  },
  clientId: {
    ...access,
    value: text(),
    flags: '--client-id <id>',
    description: 'fetch tokens for this client; its secret is in CONFORMANCE_CLIENT_SECRET',
  },
  tokenUrl: {
    ...access,
    value: text(),
    flags: '--token-url <url>',
    description: 'token endpoint (default: /oauth/token.php of the server)',
  },
  ca: {
    ...access,
    value: path(),
    flags: '--ca <file>',
    description: 'certificates to trust in addition to the usual ones, PEM',
  },
  cert: { ...access, value: path(), flags: '--cert <file>', description: 'client certificate, PEM' },
  key: {
    ...access,
    value: path(),
    flags: '--key <file>',
    description: 'private key of --cert, PEM; its passphrase is in CONFORMANCE_KEY_PASSPHRASE',
  },
  header: {
    ...access,
    value: z.array(headerField()),
    flags: '--header <field>',
    description: "'NAME: VALUE' for each request, such as 'X-Api-Key: $KEY' from a variable; repeatable",
  },
  wait: {
    ...access,
    value: wholeNumber(1, 3600),
    flags: '--wait <seconds>',
    description: 'wait up to this long until the server listens',
  },
  insecure: {
    ...access,
    value: flag(),
    flags: '--insecure',
    description: 'accept any certificate of the server',
    report: true,
  },
  user: {
    ...fixture,
    value: text(),
    flags: '--user <id>',
    description: 'User that owns the call; the token must be of this User',
    everyday: true,
  },
  extension: {
    ...fixture,
    value: text(),
    flags: '--extension <n>',
    description: 'extension of the call',
    everyday: true,
  },
  call: { ...fixture, value: text(), flags: '--call <id>', description: 'id of the live call', everyday: true },
  sendTo: {
    ...fixture,
    value: z.array(text()),
    flags: '--send-to <n>',
    description: 'number that the call may go to; repeatable',
    everyday: true,
  },
  from: {
    ...fixture,
    value: text(),
    flags: '--from <n>',
    description: 'party that transfers the call',
    everyday: true,
  },
  number: {
    ...fixture,
    value: text(),
    flags: '--number <n>',
    description: 'party that is transferred',
    everyday: true,
  },
  otherCall: {
    ...fixture,
    value: z.array(text()),
    flags: '--other-call <id>',
    description:
      'another live call, which must stay: EXTENSION/ID, or an id of the same extension; repeatable (none: --no-other-call)',
  },
  idleExtension: {
    ...fixture,
    value: text(),
    flags: '--idle-extension <n>',
    description: 'extension without calls, for profile bulk',
  },
  foreignCall: {
    ...fixture,
    value: text(),
    flags: '--foreign-call <user/ext/id>',
    description: 'live call of another User, which the token must not reach: USER/EXTENSION/ID',
  },
  calls: {
    ...fixture,
    value: path('voipnow'),
    flags: '--calls <module>',
    description: 'module that places a fresh call for each case that uses one up, or voipnow',
    file: 'top',
  },
  yes: {
    ...once,
    group: 'Call to transfer',
    value: flag(),
    flags: '--yes',
    description: 'transfer calls of a live system without asking',
    everyday: true,
  },
  profile: {
    ...selection,
    value: z.array(oneOf('core', 'bulk')),
    flags: '--profile <name>',
    description: 'core, or bulk, which transfers every call of the extension; repeatable',
    default: ['core'],
  },
  only: {
    ...selection,
    value: z.array(text()),
    flags: '--only <pattern>',
    description: 'run cases by id, by group, or with * for anything; repeatable',
    everyday: true,
  },
  exclude: {
    ...selection,
    value: z.array(text()),
    flags: '--exclude <pattern>',
    description: 'do not run these cases, even those of --only; repeatable',
  },
  lastFailed: {
    ...once,
    group: 'What is run',
    value: flag(),
    flags: '--last-failed',
    description: 'run the cases that failed in the last report in --report',
  },
  list: {
    ...once,
    group: 'What is run',
    value: flag(),
    flags: '--list',
    description: 'print requirements and their cases, send nothing',
    everyday: true,
  },
  json: {
    ...once,
    group: 'What is run',
    value: flag(),
    flags: '--json',
    description: 'print what --list prints as JSON, with all cases',
  },
  shard: {
    ...selection,
    value: shardPart(),
    flags: '--shard <i/n>',
    description: 'run part i of n; the subcommand merge puts the reports together',
    shards: 'own',
  },
  fuzz: {
    ...selection,
    value: wholeNumber(0, 1_000_000),
    flags: '--fuzz <n>',
    description: 'generate n more values for each constraint',
  },
  seed: {
    ...selection,
    value: wholeNumber(0, 2 ** 31 - 1),
    flags: '--seed <n>',
    description: 'seed of --fuzz; the same seed generates the same values',
  },
  readOnly: {
    ...selection,
    value: flag(),
    flags: '--read-only',
    description: 'send only what reads or must be refused',
    everyday: true,
    target: true,
  },
  timeout: {
    ...limit,
    value: wholeNumber(1, 600_000),
    flags: '--timeout <ms>',
    description: 'time limit of a request, from connecting to the last byte',
    default: 5000,
  },
  connectTimeout: {
    ...limit,
    value: wholeNumber(1, 600_000),
    flags: '--connect-timeout <ms>',
    description: 'time limit of connecting, as part of --timeout',
  },
  firstByteTimeout: {
    ...limit,
    value: wholeNumber(1, 600_000),
    flags: '--first-byte-timeout <ms>',
    description: 'time limit of the first byte of an answer, as part of --timeout',
  },
  maxTimeouts: {
    ...limit,
    value: wholeNumber(1, 1000),
    flags: '--max-timeouts <n>',
    description: 'consecutive timeouts before the rest is unreached (default: 3)',
  },
  maxDuration: {
    ...limit,
    value: wholeNumber(1, 86_400),
    flags: '--max-duration <seconds>',
    description: 'time limit of the run, the rest is unreached (default: 120 and what its requests need)',
  },
  bail: {
    ...limit,
    value: wholeNumber(1, 10_000),
    flags: '--bail <n>',
    description: 'failed cases after which the rest is unreached',
  },
  effectTimeout: {
    ...limit,
    value: wholeNumber(0, 600_000),
    flags: '--effect-timeout <ms>',
    description: 'time within which a transfer must show when the call is read',
    default: 5000,
  },
  concurrency: {
    ...limit,
    value: wholeNumber(1, 64),
    flags: '--concurrency <n>',
    description: 'maximum number of requests at the same time',
    default: 8,
  },
  rate: {
    ...limit,
    value: wholeNumber(1, 10_000),
    flags: '--rate <n>',
    description: 'maximum number of requests per second (default: unlimited)',
  },
  strict: {
    ...output,
    value: flag(),
    flags: '--strict',
    description: 'count a broken SHOULD as a violation',
    report: true,
    shards: 'same',
  },
  selfCheck: {
    ...output,
    value: flag(),
    flags: '--self-check',
    description: 'report how many wrong answers this run would have caught',
    report: true,
    shards: 'same',
  },
  report: {
    ...output,
    value: path(),
    flags: '--report <dir>',
    description: 'write the reports into this folder',
    everyday: true,
  },
  open: { ...output, value: flag(), flags: '--open', description: 'open report.html of --report in the browser' },
  known: {
    ...output,
    value: path(),
    flags: '--known <file>',
    description: 'list of known failures, which do not count as violations',
  },
  annotate: {
    ...output,
    value: flag(),
    flags: '--annotate',
    description: 'print annotations of GitHub Actions (default: only within it)',
  },
  quiet: {
    ...output,
    value: flag(),
    flags: '--quiet',
    description: 'print only what is wrong and the verdict',
  },
  verbose: {
    ...output,
    value: flag(),
    flags: '--verbose',
    description: 'print the exchanges of cases that pass too',
  },
  config: {
    ...once,
    group: 'Other',
    value: path(),
    flags: '--config <file>',
    description: 'configuration file (default: conformance.config.ts, .js, .json or .yaml)',
  },
  noConfig: { ...once, group: 'Other', value: flag(), flags: '--no-config', description: 'use no configuration file' },
} as const satisfies Readonly<Record<string, OptionRow>>;

type Table = typeof optionTable;

export type OptionName = keyof Table;

type Value<Name extends OptionName> = Readonly<z.infer<Table[Name]['value']>>;

/** The names of the options whose rows are of a type. */
export type NamesWith<Row> = { [Name in OptionName]: Table[Name] extends Row ? Name : never }[OptionName];

/** The options that a user named, by the names of their rows. */
export type NamedOptions = { readonly [Name in OptionName]?: Value<Name> };

type Defaults = NamesWith<{ readonly default: unknown }>;

/** The options of a run: what a user named, and the defaults. */
export type Options = Omit<NamedOptions, Defaults> & { readonly [Name in Defaults]: Value<Name> };

/** The options that what sends requests reads. */
export type TargetOptions = Pick<Options, NamesWith<{ readonly target: true }>>;

/** Returns the options that what sends requests reads. */
export function pickTargetOptions(options: Options): TargetOptions {
  const rows = optionRows.filter(({ name, target }) => target && options[name] !== undefined);
  return Object.fromEntries(rows.map(({ name }) => [name, options[name]])) as unknown as TargetOptions;
}

type Reported = NamesWith<{ readonly report: true }>;

/** The reported options that are always there: flags, lists and what has a default. */
type Complete =
  { [Name in Reported]: Value<Name> extends boolean | readonly unknown[] ? Name : never }[Reported] | Defaults;

/** The settings of a run in its report, by the names of the options. Flags are false and lists empty where left out. */
export type Settings = { readonly [Name in Complete]: Value<Name> } & {
  readonly [Name in Exclude<Reported, Complete>]?: Value<Name>;
};

/** A row with its name. */
export interface NamedRow extends OptionRow {
  readonly name: OptionName;
  /** The flag alone, or `url`. */
  readonly flag: string;
  /** The variable of the environment that holds the same value. */
  readonly variable: string;
}

/** The rows of the table with their names. */
export const optionRows: readonly NamedRow[] = Object.entries(optionTable as Record<string, OptionRow>).map(
  ([name, row]) => ({
    ...row,
    name: name as OptionName,
    flag: row.flags.split(' ')[0]?.replace(/[[\]]/g, '') ?? name,
    variable: `CONFORMANCE_${name.replaceAll(/[A-Z]/g, '_$&').toUpperCase()}`,
  }),
);

/** The values of options that the user named nowhere. */
export const defaultOptions = Object.fromEntries(
  optionRows.flatMap((row) => (row.default === undefined ? [] : [[row.name, row.default]])),
) as { readonly [Name in Defaults]: Value<Name> };

/** The schema of the settings in a report. */
export const settingsSchema = z.strictObject(
  Object.fromEntries(
    reportedRows().map(({ name, value, description, ...row }) => {
      const schema = value.describe(description);
      return [name, row.default === undefined && standIn(value) === undefined ? schema.optional() : schema];
    }),
  ),
) as unknown as z.ZodType<Settings>;

/** Returns the settings of a run for its report. */
export function pickSettings(options: Options): Settings {
  const settings = reportedRows().map(({ name, value }) => [name, options[name] ?? standIn(value)] as const);
  return Object.fromEntries(settings.filter(([, value]) => value !== undefined)) as unknown as Settings;
}

/** Returns the options that all shards of a run must share, as texts by their flags. */
export function showSharedOptions(settings: Partial<Settings>): Record<string, string> {
  const shared = reportedRows().filter(({ shards }) => shards === 'same');
  return Object.fromEntries(
    shared.map(({ name, flag }) => [flag, [(settings as NamedOptions)[name] ?? []].flat().join(' ') || 'left out']),
  );
}

function reportedRows(): NamedRow[] {
  return optionRows.filter(({ report }) => report);
}

function standIn(value: z.ZodType): false | readonly [] | undefined {
  if (value instanceof z.ZodBoolean) return false;
  return value instanceof z.ZodArray ? [] : undefined;
}

import { z } from 'zod';
import { flag, headerField, oneOf, path, serverUrl, shardPart, text, wholeNumber } from './option-values.ts';

/** The headings of the help, in their order. */
export type OptionGroup = 'Target' | 'Call to transfer' | 'What is run' | 'Limits' | 'Verdict and reports' | 'Other';

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

/** Makes the rows of a group, which have what is shared unless a row says otherwise. */
function rowsOf<const Shared extends Partial<OptionRow>>(shared: Shared) {
  return <Value extends z.ZodType, const Own extends Partial<OptionRow> = Record<never, never>>(
    flags: string,
    value: Value,
    description: string,
    own?: Own,
  ) => {
    const row: object = { ...shared, ...own, flags, value, description };
    // What the table has to satisfy must not become the type of a row that says nothing itself.
    type Row = Omit<Shared, keyof Own> & Own & { readonly value: Value; flags: string; description: string };
    return row as NoInfer<Row>;
  };
}

export const option = rowsOf({});

const target = rowsOf({ group: 'Target', file: 'top', report: false, shards: 'own' });
const call = rowsOf({ group: 'Call to transfer', file: 'fixture', report: true, shards: 'own' });
const selection = rowsOf({ group: 'What is run', file: 'top', report: true, shards: 'same' });
const limit = rowsOf({ group: 'Limits', file: 'top', report: true, shards: 'same', target: true });
const output = rowsOf({ group: 'Verdict and reports', file: 'top', report: false, shards: 'own' });
const once = rowsOf({ file: 'command line', report: false, shards: 'own' });

/**
 * The options of a conformance run, in the order of the help. Flags, help, configuration file and its JSON Schema,
 * `CONFORMANCE_*` variables, the manual, the settings in reports and the comparison of shards all come from this table.
 */
export const optionTable = {
  url: target('[url]', serverUrl(), 'server to check; without it the mock is started and checked', { everyday: true }),
  token: target('--token <token>', text(), 'bearer token; better in CONFORMANCE_TOKEN or a file', { file: 'secret' }),
  tokenFile: target('--token-file <file>', path('-'), 'file whose first line is the token; - is standard input', {
    everyday: true,
  }),
  otherToken: target(
    '--other-token <token>',
    text(),
    'token of another User, which must not reach the call; better in CONFORMANCE_OTHER_TOKEN',
    { file: 'secret' },
  ),
  clientId: target(
    '--client-id <id>',
    text(),
    'fetch tokens for this client; its secret is in CONFORMANCE_CLIENT_SECRET',
  ),
  tokenUrl: target('--token-url <url>', text(), 'token endpoint (default: /oauth/token.php of the server)'),
  ca: target('--ca <file>', path(), 'certificates to trust in addition to the usual ones, PEM'),
  cert: target('--cert <file>', path(), 'client certificate, PEM'),
  key: target('--key <file>', path(), 'private key of --cert, PEM; its passphrase is in CONFORMANCE_KEY_PASSPHRASE'),
  header: target(
    '--header <field>',
    z.array(headerField()),
    "'NAME: VALUE' for each request, such as 'X-Api-Key: $KEY' from a variable; repeatable",
  ),
  wait: target('--wait <seconds>', wholeNumber(1, 3600), 'wait up to this long until the server listens'),
  insecure: target('--insecure', flag(), 'accept any certificate of the server', { report: true }),
  user: call('--user <id>', text(), 'User that owns the call; the token must be of this User', { everyday: true }),
  extension: call('--extension <n>', text(), 'extension of the call', { everyday: true }),
  call: call('--call <id>', text(), 'id of the live call', { everyday: true }),
  sendTo: call('--send-to <n>', z.array(text()), 'number that the call may go to; repeatable', { everyday: true }),
  from: call('--from <n>', text(), 'party that transfers the call', { everyday: true }),
  number: call('--number <n>', text(), 'party that is transferred', { everyday: true }),
  otherCall: call(
    '--other-call <id>',
    z.array(text()),
    'another live call, which must stay: EXTENSION/ID, or an id of the same extension; repeatable (none: --no-other-call)',
  ),
  idleExtension: call('--idle-extension <n>', text(), 'extension without calls, for profile bulk'),
  foreignCall: call(
    '--foreign-call <user/ext/id>',
    text(),
    'live call of another User, which the token must not reach: USER/EXTENSION/ID',
  ),
  calls: call(
    '--calls <module>',
    path('voipnow'),
    'module that places a fresh call for each case that uses one up, or voipnow',
    { file: 'top' },
  ),
  yes: once('--yes', flag(), 'transfer calls of a live system without asking', {
    group: 'Call to transfer',
    everyday: true,
  }),
  profile: selection(
    '--profile <name>',
    z.array(oneOf('core', 'bulk')),
    'core, or bulk, which transfers every call of the extension; repeatable',
    { default: ['core'] },
  ),
  only: selection(
    '--only <pattern>',
    z.array(text()),
    'run cases by id, by group, or with * for anything; repeatable',
    { everyday: true },
  ),
  exclude: selection(
    '--exclude <pattern>',
    z.array(text()),
    'do not run these cases, even those of --only; repeatable',
  ),
  lastFailed: once('--last-failed', flag(), 'run the cases that failed in the last report in --report', {
    group: 'What is run',
  }),
  list: once('--list', flag(), 'print requirements and their cases, send nothing', {
    group: 'What is run',
    everyday: true,
  }),
  json: once('--json', flag(), 'print what --list prints as JSON, with all cases', { group: 'What is run' }),
  shard: selection('--shard <i/n>', shardPart(), 'run part i of n; the subcommand merge puts the reports together', {
    shards: 'own',
  }),
  fuzz: selection('--fuzz <n>', wholeNumber(0, 1_000_000), 'generate n more values for each constraint'),
  seed: selection('--seed <n>', wholeNumber(0, 2 ** 31 - 1), 'seed of --fuzz; the same seed generates the same values'),
  readOnly: selection('--read-only', flag(), 'send only what reads or must be refused', {
    everyday: true,
    target: true,
  }),
  timeout: limit(
    '--timeout <ms>',
    wholeNumber(1, 600_000),
    'time limit of a request, from connecting to the last byte',
    { default: 5000 },
  ),
  connectTimeout: limit(
    '--connect-timeout <ms>',
    wholeNumber(1, 600_000),
    'time limit of connecting, as part of --timeout',
  ),
  firstByteTimeout: limit(
    '--first-byte-timeout <ms>',
    wholeNumber(1, 600_000),
    'time limit of the first byte of an answer, as part of --timeout',
  ),
  maxTimeouts: limit(
    '--max-timeouts <n>',
    wholeNumber(1, 1000),
    'consecutive timeouts before the rest is unreached (default: 3)',
  ),
  maxDuration: limit(
    '--max-duration <seconds>',
    wholeNumber(1, 86_400),
    'time limit of the run, the rest is unreached (default: 120 and what its requests need)',
  ),
  bail: limit('--bail <n>', wholeNumber(1, 10_000), 'failed cases after which the rest is unreached'),
  effectTimeout: limit(
    '--effect-timeout <ms>',
    wholeNumber(0, 600_000),
    'time within which a transfer must show when the call is read',
    { default: 5000 },
  ),
  concurrency: limit('--concurrency <n>', wholeNumber(1, 64), 'maximum number of requests at the same time', {
    default: 8,
  }),
  rate: limit('--rate <n>', wholeNumber(1, 10_000), 'maximum number of requests per second (default: unlimited)'),
  strict: output('--strict', flag(), 'count a broken SHOULD as a violation', { report: true, shards: 'same' }),
  selfCheck: output('--self-check', flag(), 'report how many wrong answers this run would have caught', {
    report: true,
    shards: 'same',
  }),
  report: output('--report <dir>', path(), 'write the reports into this folder', { everyday: true }),
  open: output('--open', flag(), 'open report.html of --report in the browser'),
  known: output('--known <file>', path(), 'list of known failures, which do not count as violations'),
  annotate: output('--annotate', flag(), 'print annotations of GitHub Actions (default: only within it)'),
  quiet: output('--quiet', flag(), 'print only what is wrong and the verdict'),
  verbose: output('--verbose', flag(), 'print the exchanges of cases that pass too'),
  config: once('--config <file>', path(), 'configuration file (default: conformance.config.ts, .js, .json or .yaml)', {
    group: 'Other',
  }),
  noConfig: once('--no-config', flag(), 'use no configuration file', { group: 'Other' }),
} satisfies Readonly<Record<string, OptionRow>>;

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

export interface NamedRow extends OptionRow {
  readonly name: OptionName;
  /** The flag alone, or `url`. */
  readonly flag: string;
  /** The variable of the environment that holds the same value. */
  readonly variable: string;
}

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

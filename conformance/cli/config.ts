import { z } from 'zod';
import { optionRows, type NamedOptions, type NamesWith } from './options.ts';

/**
 * The content of a configuration file: `conformance.config.ts` in the current folder, or the file of `--config`. Each
 * key means what the flag of its name does, and the flag wins over it. Paths are relative to the file. Secrets have no
 * place in it: they come from CONFORMANCE_TOKEN, CONFORMANCE_CLIENT_SECRET and CONFORMANCE_KEY_PASSPHRASE.
 */
export interface ConformanceConfig extends Pick<NamedOptions, NamesWith<{ readonly file: 'top' }>> {
  /** The address of the JSON Schema, for editors. */
  readonly $schema?: string;
  /** The call that may be transferred, and where it may go. */
  readonly fixture?: FixtureConfig;
}

/** The call that may be transferred, and where it may go. */
export type FixtureConfig = Pick<NamedOptions, NamesWith<{ readonly file: 'fixture' }>>;

/** Returns the configuration as it is: it is there for its type, which editors and compilers check. */
export function defineConfig(config: ConformanceConfig): ConformanceConfig {
  return config;
}

export function createConfigSchema(): object {
  const members = (place: 'top' | 'fixture') =>
    Object.fromEntries(
      optionRows
        .filter(({ file }) => file === place)
        .map(({ name, value, description, default: standard }) => {
          const notes = { description, ...(standard !== undefined && { default: standard }) };
          return [name, value.optional().meta(notes)];
        }),
    );
  const fixture = z.strictObject(members('fixture')).optional();
  const schema = z.strictObject({
    $schema: z.string().optional().describe('address of this schema, for editors'),
    ...members('top'),
    fixture: fixture.describe('the call that may be transferred, and where it may go'),
  });
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return {
    $schema,
    title: 'Configuration of a conformance run',
    description: 'What conformance.config.json may hold. Paths are relative to the file.',
    ...rest,
  };
}

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { optionPages } from '../../scripts/generate/manual.ts';
import { createConfigSchema, defineConfig, type ConformanceConfig } from './config.ts';
import { readKeys } from './configuration.ts';
import { checkValue } from './option-values.ts';
import { defaultOptions, optionRows, pickSettings, settingsSchema, showSharedOptions } from './options.ts';

describe('the table of options', () => {
  test('has each flag and each variable once', () => {
    const flags = optionRows.map(({ flag }) => flag);
    expect(flags).toEqual([...new Set(flags)]);
    expect(optionRows.map(({ variable }) => variable)).toContain('CONFORMANCE_SEND_TO');
  });

  test('has twelve everyday options and the URL', () => {
    expect(optionRows.filter(({ everyday }) => everyday)).toHaveLength(13);
  });

  test.each(optionRows)('has a default of $flag that is valid, and reports no secret', (row) => {
    expect(checkValue(row.value.optional(), row.default, row.flag)).toEqual(row.default);
    expect(row.report && row.file === 'secret').toBe(false);
  });

  test.each(optionRows.filter(({ shards }) => shards === 'same'))('reports $flag, which shards share', ({ report }) => {
    expect(report).toBe(true);
  });
});

describe('the settings of a run', () => {
  const settings = pickSettings({ ...defaultOptions, token: 's3cret', url: 'http://h', rate: 5, strict: true });

  test('are what reports may tell, and valid', () => {
    expect(settings).toMatchObject({ profile: ['core'], only: [], strict: true, readOnly: false, rate: 5 });
    expect(JSON.stringify(settings)).not.toMatch(/s3cret|http/);
    expect(settingsSchema.parse(settings)).toEqual(settings);
  });

  test.each(optionRows.filter(({ report }) => report))(
    'are shared by shards in $flag only if its row says so',
    (row) => {
      const changed = { ...settings, [row.name]: 'another' };
      const isShared = showSharedOptions(settings)[row.flag] !== showSharedOptions(changed)[row.flag];
      expect(isShared).toBe(row.shards === 'same');
    },
  );

  test('are shared in --read-only and --rate', () => {
    expect(showSharedOptions(settings)).toMatchObject({ '--read-only': 'false', '--rate': '5', '--fuzz': 'left out' });
  });
});

describe('a configuration', () => {
  test('is checked as it is typed', () => {
    // @ts-expect-error There is no such key.
    expect(defineConfig({ timeOut: 5 })).toEqual({ timeOut: 5 });
    // @ts-expect-error It is a number.
    expect(defineConfig({ timeout: '5' })).toEqual({ timeout: '5' });
    const typed: ConformanceConfig = { profile: ['bulk'], fixture: { sendTo: ['1'] }, $schema: 'config.schema.json' };
    expect(defineConfig(typed)).toBe(typed);
  });

  test('has a schema with every key, which refuses others', () => {
    const schema = createConfigSchema() as Record<string, Record<string, Record<string, object>>>;
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
    expect(Object.keys(schema.properties ?? {}).toSorted()).toEqual(readKeys('top').toSorted());
    expect(Object.keys(schema.properties?.fixture?.properties ?? {})).toEqual(readKeys('fixture'));
    expect(schema.properties?.timeout).toMatchObject({ type: 'integer', minimum: 1, maximum: 600_000, default: 5000 });
  });
});

test.each(Object.entries(optionPages))('%s has the options as `npm run generate` writes them', (file, update) => {
  const page = readFileSync(file, 'utf8');
  expect(update(page)).toBe(page);
});

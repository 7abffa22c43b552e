import { readFileSync } from 'node:fs';
import process from 'node:process';
import { Miniflare } from 'miniflare';

const script = readFileSync('bundled.mjs', 'utf8');
const { BASE_URL } = process.env;
const miniflare = new Miniflare({ modules: true, script, bindings: { BASE_URL }, compatibilityDate: '2026-01-01' });
const answer = await miniflare.dispatchFetch('http://worker.example/');
console.log(await answer.text());
await miniflare.dispose();

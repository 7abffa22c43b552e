#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import process from 'node:process';

const { engines } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));
const [needMajor, needMinor] = engines.node.match(/\d+/g).map(Number);
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < needMajor || (major === needMajor && minor < needMinor)) {
  console.error(`transfer-conformance needs Node ${needMajor}.${needMinor} or newer and runs on ${process.version}.`);
  process.exitCode = 2;
} else {
  await import('./scripts/conformance.js');
}

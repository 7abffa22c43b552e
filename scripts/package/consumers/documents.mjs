import { createRequire } from 'node:module';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const contract = require('transfer-contract/openapi.json');
const requirements = require('transfer-contract/requirements');
const yaml = readFileSync(fileURLToPath(import.meta.resolve('transfer-contract/openapi.yaml')), 'utf8');
const { dependencies, private: isPrivate } = require('transfer-contract/package.json');

console.log(contract.info.title, contract.info.version, requirements.length > 50, yaml.startsWith('openapi: 3.1'));
console.log(dependencies, isPrivate, existsSync(fileURLToPath(import.meta.resolve('transfer-contract/types'))));

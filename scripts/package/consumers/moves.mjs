import process from 'node:process';
import { move } from './move.mjs';

console.log(await move(process.env.BASE_URL));

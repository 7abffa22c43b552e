import { move } from '../move.mjs';

document.title = await move('/').catch(String);

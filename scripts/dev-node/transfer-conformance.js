#!/usr/bin/env node
import '../require-node.mjs';

// Behind npx, which passes all options on; npm run takes those that it knows for itself.
await import('../conformance.ts');

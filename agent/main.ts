#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';

// While modules load, all that is allocated survives, and V8 would answer by letting the young generation grow to 16 MB: 5 MB of
// every node's memory for a process that then allocates next to nothing. It has to be said before the modules come, hence the import below.
setFlagsFromString('--semi-space-growth-factor=1');

const { boot } = await import('./boot.js');
process.exitCode = await boot(process.argv.slice(2));

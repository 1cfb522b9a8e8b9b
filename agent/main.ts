#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';

/*
 * V8 is tuned for work, and this process hardly works. Two habits of V8's would take it beyond 100 MB (bench/agent-cost.mjs shows what it
 * takes); they have to be changed before the modules come, hence the import at the end.
 */
// While modules load, all that is allocated survives, and the young generation would grow to 16 MB to make room for it.
setFlagsFromString('--semi-space-growth-factor=1');
// fetch parses HTTP in WebAssembly: optimising the parser takes 20 MB, for one answer every 15 s.
setFlagsFromString('--no-wasm-tier-up');
setFlagsFromString('--no-wasm-dynamic-tiering');

const { boot } = await import('./boot.js');
process.exitCode = await boot(process.argv.slice(2));

#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';

/*
 * V8 is tuned for work, and this process hardly works: four heartbeats a minute, a few milliseconds each, interpreted. What V8 would do to
 * make it fast costs memory, at the start (a peak of 110 MB instead of 85) and over the hours. These have to be set before the modules come,
 * hence the import at the end; bench/agent-cost.mjs shows what the agent takes.
 */
const THRIFT = [
  // Compile to machine code neither JavaScript nor the parser in WebAssembly with which fetch reads HTTP.
  '--no-opt',
  '--no-maglev',
  '--no-sparkplug',
  '--no-wasm-tier-up',
  '--no-wasm-dynamic-tiering',
  // While modules load, all that is allocated survives: do not let the young generation grow to 16 MB for that.
  '--semi-space-growth-factor=1',
];
for (const flag of THRIFT) setFlagsFromString(flag);

const { boot } = await import('./boot.js');
process.exitCode = await boot(process.argv.slice(2));

#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';

/*
 * V8 is tuned for busy processes, and this one is mostly idle: four heartbeats a minute, a few milliseconds each, interpreted. V8's optimizations
 * would cost memory, at the start (a peak of 110 MB instead of 85) and over the hours. These flags have to be set before modules load,
 * hence the import at the end; bench/agent-cost.mjs measures what the agent takes.
 */
const THRIFT = [
  // Compile neither JavaScript nor fetch's HTTP parser, which is WebAssembly, to machine code.
  '--no-opt',
  '--no-maglev',
  '--no-sparkplug',
  '--no-wasm-tier-up',
  '--no-wasm-dynamic-tiering',
  // While modules load, everything allocated survives: do not let the young generation grow to 16 MB for that.
  '--semi-space-growth-factor=1',
];
for (const flag of THRIFT) setFlagsFromString(flag);

const { boot } = await import('./boot.js');
process.exitCode = await boot(process.argv.slice(2));

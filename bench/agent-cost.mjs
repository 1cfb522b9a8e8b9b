// What an agent costs its node: a real agent with default settings, a real api, a real MongoDB; CPU and memory from /proc.
// Usage: node bench/agent-cost.mjs [--seconds 60] [--json FILE]     (Linux; after `npm run build`)
import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { mintToken } from '../dist/src/auth/secret-token.js';
import { scratchMongod } from './harness/scratch-mongod.mjs';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' }, json: { type: 'string' } } });
const windowMs = Number(values.seconds) * 1_000;
if (!(windowMs > 0)) {
  process.stderr.write('--seconds must be a number above 0\n');
  process.exit(2);
}

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
const LIMITS = { cpuPercent: 1, rssMb: 100 };
const folder = await mkdtemp(join(tmpdir(), 'rollcall-agent-cost-'));
const started = [];

/** Starts a process; resolves with it when it has logged a line with `message`. */
async function start(main, env, message) {
  const child = spawn(process.execPath, [fileURLToPath(new URL(`../dist/${main}`, import.meta.url))], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  started.push(child);
  let text = '';
  const line = await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${main} exited with ${code}: ${text}`)));
    child.stderr.on('data', (chunk) => {
      text += chunk;
      const found = text.split('\n').find((candidate) => candidate.includes(`"msg":"${message}`));
      if (found) resolve(JSON.parse(found));
    });
  });
  return { child, line };
}

/** The api listens before it has stored its configured tokens. */
async function joinTokenIsKnown(url, adminToken) {
  for (;;) {
    const response = await fetch(`${url}/v1/join-tokens`, { headers: { authorization: `Bearer ${adminToken}` } });
    if (response.ok && (await response.json()).items.length > 0) return;
    await pause(100);
  }
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}

/** CPU time of the process and of its reaped children, in seconds; resident memory in MB. */
async function readProcess(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [utime, stime, cutime, cstime] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15)
    .map(Number);
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const mb = (key) => (Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(status)[1]) * 1_024) / 1e6;
  return {
    own: (utime + stime) / TICKS_PER_SECOND,
    children: (cutime + cstime) / TICKS_PER_SECOND,
    rssMb: mb('VmRSS'),
    peakMb: mb('VmHWM'),
  };
}

const mongod = await scratchMongod();
try {
  const [adminToken, joinToken] = [mintToken('rca').text, mintToken('rcj').text];
  await writeFile(join(folder, 'admin'), adminToken);
  await writeFile(join(folder, 'join'), joinToken);
  const api = await start(
    'src/api.main.js',
    {
      ORCHESTRATOR__API__PORT: '0',
      ORCHESTRATOR__NAME: 'node-0',
      ORCHESTRATOR__MONGODB__URI: mongod.uri,
      ORCHESTRATOR__TEMPORAL__ADDRESS: '127.0.0.1:9',
      ORCHESTRATOR__AUTH__ADMINTOKENFILE: join(folder, 'admin'),
      ORCHESTRATOR__AUTH__JOINTOKENFILE: join(folder, 'join'),
    },
    'listening',
  );
  await joinTokenIsKnown(api.line.url, adminToken);
  const agent = await start(
    'agent/main.js',
    {
      COMPUTE__ORCHESTRATORS: api.line.url,
      COMPUTE__NAME: 'node-1',
      COMPUTE__STATEDIR: join(folder, 'agent'),
      COMPUTE__AUTH__TOKEN: joinToken,
    },
    'node-1 is approved',
  );
  const atStart = await readProcess(agent.child.pid);
  const samples = [];
  const began = performance.now();
  while (performance.now() - began < windowMs) {
    await pause(Math.min(1_000, windowMs));
    samples.push((await readProcess(agent.child.pid)).rssMb);
  }
  const atEnd = await readProcess(agent.child.pid);
  const seconds = (performance.now() - began) / 1_000;
  const percent = (from, to) => ((to - from) / seconds) * 100;
  const result = {
    seconds: Math.round(seconds),
    startCpuSeconds: atStart.own + atStart.children,
    cpuPercent: percent(atStart.own, atEnd.own),
    childrenCpuPercent: percent(atStart.children, atEnd.children),
    rssMb: {
      mean: samples.reduce((sum, sample) => sum + sample, 0) / samples.length,
      last: atEnd.rssMb,
      peak: atEnd.peakMb,
    },
  };
  const holds = result.cpuPercent + result.childrenCpuPercent < LIMITS.cpuPercent && result.rssMb.peak < LIMITS.rssMb;
  process.stdout
    .write(`An agent with default settings, for ${result.seconds} s after its start (Node ${process.version}):
  CPU, own             ${result.cpuPercent.toFixed(2)} % of a core
  CPU, its children    ${result.childrenCpuPercent.toFixed(2)} % of a core (the inventory, once a minute)
  CPU to start         ${result.startCpuSeconds.toFixed(2)} s
  memory, mean         ${result.rssMb.mean.toFixed(1)} MB resident
  memory, at the end   ${result.rssMb.last.toFixed(1)} MB resident
  memory, peak         ${result.rssMb.peak.toFixed(1)} MB resident
  limits               ${LIMITS.cpuPercent} % and ${LIMITS.rssMb} MB: ${holds ? 'kept' : 'NOT kept'}
`);
  if (values.json)
    await writeFile(
      values.json,
      `${JSON.stringify({ ...result, node: process.version, date: new Date().toISOString() }, null, 2)}\n`,
    );
  process.exitCode = holds ? 0 : 1;
} finally {
  for (const child of started.reverse()) await stop(child);
  await mongod.stop();
  await rm(folder, { recursive: true, force: true });
}

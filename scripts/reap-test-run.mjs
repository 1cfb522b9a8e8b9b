// Program, beside each run of the tests (test-run.mjs): waits for the end of its standard input, then kills every process of the run
// and removes its folder. Processes of the run are those that have the folder in their environment, including stopped ones, and their
// descendants. It reads /proc; on systems other than Linux it only removes the folder.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const [, , folder = ''] = process.argv;
const MARK = `ROLLCALL_TEST_RUN=${folder}`;
const GIVE_UP_AFTER_MS = 30_000;

await new Promise((resolve) => {
  for (const event of ['end', 'close', 'error']) process.stdin.once(event, resolve);
  process.stdin.resume();
});

const deadline = Date.now() + GIVE_UP_AFTER_MS;
for (let left = processesOfRun(); left.length > 0 && Date.now() < deadline; left = processesOfRun()) {
  for (const pid of left) kill(pid);
  await delay(50);
}
for (const path of mountsIn(folder)) spawnSync('umount', ['--lazy', path], { stdio: 'ignore' });
// KEEP keeps what the tests wrote.
if (process.env.KEEP === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });

/** @returns {number[]} */
function processesOfRun() {
  const all = pids();
  const marked = new Set(all.filter((pid) => read(`/proc/${pid}/environ`).split('\0').includes(MARK)));
  const parents = new Map(all.map((pid) => [pid, parentOf(pid)]));
  const descends = (/** @type {number | undefined} */ pid) => {
    for (let at = pid; at !== undefined && at > 1; at = parents.get(at)) if (marked.has(at)) return true;
    return false;
  };
  return all.filter((pid) => pid !== process.pid && descends(pid) && isAlive(pid));
}

/** @returns {number[]} */
function pids() {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** The fields of /proc/PID/stat from the third one on; the second, in parentheses, may contain anything. */
function statOf(/** @type {number} */ pid) {
  const stat = read(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function parentOf(/** @type {number} */ pid) {
  return Number(statOf(pid)[1]) || undefined;
}

function isAlive(/** @type {number} */ pid) {
  return !['', 'Z', 'X'].includes(statOf(pid)[0] ?? '');
}

/** @returns {string[]} */
function mountsIn(/** @type {string} */ place) {
  return read('/proc/mounts')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path.startsWith(`${place}/`));
}

/** Empty if it is gone, or another user's. */
function read(/** @type {string} */ path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function kill(/** @type {number} */ pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

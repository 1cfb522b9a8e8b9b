// Set-up that every script needs first: node_modules with Node 24 in it, and a build. Runs on whatever Node the machine has (18 or
// later), before anything is installed, so it has no dependencies.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TEST_TOOLS } from './test-tools.mjs';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
export const NODE = join(ROOT, 'node_modules', '.bin', 'node');

const INSTALLED = join(ROOT, 'node_modules', '.rollcall-installed');
const DIST = join(ROOT, 'dist');
const FETCH_SERVERS = join(DIST, 'embedded', 'fetch-servers.js');
const MANIFEST = 'package.json';
const LOCK = 'package-lock.json';
const ALL_NEED = ['contract', 'client', 'scripts', MANIFEST, LOCK];

/** What is built: from which folders and files, by which npm script, and a file that exists after it. */
const BUILDS = [
  {
    title: 'Building',
    script: 'build:code',
    sources: [
      ...ALL_NEED,
      'workflows',
      'activities',
      'src',
      'agent',
      'cli',
      'embedded',
      'bench',
      'test/e2e/chaos',
      'test/support',
      'tsconfig.json',
    ],
    stamp: '.rollcall-built',
    result: 'workflow-bundle.js',
  },
  {
    title: 'Building the web page',
    script: 'web',
    sources: [...ALL_NEED, 'web'],
    stamp: '.rollcall-web-built',
    result: join('web', 'index.html'),
  },
];

/** Installs node_modules if package-lock.json differs from what is installed. */
export async function ensureInstalled() {
  const { workspaces } = JSON.parse(readFileSync(join(ROOT, MANIFEST), 'utf8'));
  const wanted = hashOf([MANIFEST, LOCK, ...workspaces.map((folder) => `${folder}/${MANIFEST}`)]);
  if (existsSync(NODE) && stamp(INSTALLED) === wanted) return;
  // Not `npm ci`: it refuses a lock file that was made on another platform.
  await step('Installing node_modules (with Node 24)', 'npm', [
    'install',
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--include=dev',
    '--loglevel=error',
    '--no-progress',
  ]);
  if (!existsSync(NODE)) fail(`npm install has not put Node 24 at ${NODE}: remove node_modules and try again.`);
  writeFileSync(INSTALLED, wanted);
}

/** Finds or downloads the real servers that tests run on. */
export async function ensureServers(args = []) {
  await step('Finding the servers that tests run on', NODE, [FETCH_SERVERS, ...args], {
    tellsItself: true,
  });
}

/** Compiles, and builds the web page, if a source has changed since the last time. */
export async function ensureBuilt() {
  for (const { title, script, sources, stamp: name, result } of BUILDS) {
    const wanted = hashOf(sources);
    const path = join(DIST, name);
    if (stamp(path) === wanted && existsSync(join(DIST, result))) continue;
    await step(title, 'npm', ['run', '--silent', script]);
    writeFileSync(path, wanted);
  }
}

/** Builds only if nothing has been built yet, however old it is. */
export async function ensureBuiltOnce() {
  if (!existsSync(FETCH_SERVERS)) await ensureBuilt();
}

/** Finds what tests need of the operating system; if something is missing, installs Debian's packages as root, or says how to get it. */
export async function ensureTestTools(tools = TEST_TOOLS) {
  const missing = tools.filter(({ isThere }) => !isThere());
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    for (const { howToGet } of missing) process.stderr.write(`${howToGet}\n`);
    return;
  }
  const retries = ['--option', 'Acquire::Retries=3'];
  await step('Updating the list of packages', 'apt-get', ['update', '--quiet=2', ...retries]);
  const names = missing.map(({ name }) => name).join(', ');
  const packages = missing.flatMap((tool) => tool.packages);
  // Makes apt ask no questions.
  await step(`Installing ${names}`, 'env', [
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    'install',
    '--quiet=2',
    '--yes',
    '--no-install-recommends',
    ...retries,
    ...packages,
  ]);
}

/**
 * Runs a command to its end with this process's output, and forwards signals to it.
 * @param {object} [options]
 * @param {boolean} [options.ownGroup] gives it a process group of its own, so that a Ctrl-C reaches it once (forwarded) and not
 *   twice (also from the terminal)
 * @param {Record<string, string>} [options.env] variables added to the environment
 * @returns {Promise<number>} its exit code, as a shell would report it
 */
export function run(command, args, { ownGroup = false, env = {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: 'inherit',
      detached: ownGroup,
      env: { ...process.env, ...env },
    });
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    const forward = (signal) => child.kill(signal);
    for (const signal of signals) process.on(signal, forward);
    const end = (code) => {
      for (const signal of signals) process.off(signal, forward);
      resolve(code);
    };
    child.once('error', (error) => {
      process.stderr.write(`${command} cannot be run: ${error.message}\n`);
      end(127);
    });
    child.once('exit', (code, signal) => end(code ?? 128 + constants.signals[signal]));
  });
}

/**
 * Runs a command that must succeed, showing how long it takes; exits with its exit code if it fails.
 * @param {object} [options]
 * @param {boolean} [options.tellsItself] the command shows its own progress
 */
export async function step(title, command, args, { tellsItself = false } = {}) {
  process.stderr.write(`${title} …\n`);
  const start = Date.now();
  const seconds = () => `${Math.round((Date.now() - start) / 1000)} s`;
  const ticking = tellsItself
    ? undefined
    : setInterval(() => process.stderr.write(`  ${title} … ${seconds()}\n`), 10_000);
  // npm uses this Node; its output goes to stderr, since stdout belongs to the program.
  const code = await new Promise((resolve) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 2, 2] });
    child.once('error', () => resolve(127));
    child.once('exit', (exit, signal) => resolve(exit ?? 128 + constants.signals[signal]));
  });
  clearInterval(ticking);
  if (code !== 0) fail(`${title} failed (exit code ${code}); what it said is above.`, code);
  process.stderr.write(`  ${title}: done (${seconds()})\n`);
}

function fail(sentence, code = 1) {
  process.stderr.write(`${sentence}\n`);
  process.exit(code);
}

function stamp(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** One hash over names and contents; missing files count as empty. */
function hashOf(paths) {
  const hash = createHash('sha256');
  const visit = (path) => {
    const absolute = join(ROOT, path);
    let children;
    try {
      children = readdirSync(absolute, { withFileTypes: true });
    } catch (error) {
      if (error.code === 'ENOTDIR') hash.update(path).update('\0').update(readFileSync(absolute));
      return;
    }
    const names = children.map((child) => child.name).filter((name) => name !== 'node_modules' && name !== 'dist');
    for (const name of names.sort()) visit(`${path}/${name}`);
  };
  for (const path of paths) visit(path);
  return hash.digest('hex');
}

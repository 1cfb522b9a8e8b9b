// A mongod like that of `npm start`, in a folder of its own and on a free port, for measurements of one part. Needs a build.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBinary } from '../../dist/embedded/find-binary.js';
import { freePort } from '../../dist/embedded/free-port.js';
import { Home } from '../../dist/embedded/home.js';
import { MONGOD } from '../../dist/embedded/mongod-binary.js';
import { runMongod } from '../../dist/embedded/run-mongod.js';

/** Fails a measurement during which the server died. */
const LISTENER = {
  restarting: (_name, exit) => fail(`mongod ended: ${exit.lastWords.join('\n')}`),
  unresponsive: () => fail('mongod does not answer'),
  lost: (failure) => fail(failure.message),
};

function fail(why) {
  process.stderr.write(`${why}\n`);
  process.exit(1);
}

/** @returns {Promise<{uri: string, stop: () => Promise<void>}>} `stop` removes its folder too */
export async function scratchMongod() {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-bench-'));
  const home = await Home.open(folder);
  const port = await freePort('127.0.0.1', []);
  const mongod = await runMongod(home, await findBinary(MONGOD), port, LISTENER, new AbortController().signal);
  const stop = async () => {
    await mongod.process.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { uri: mongod.uri, stop };
}

import { spawn } from 'node:child_process';
import { rename, writeFile } from 'node:fs/promises';
import { test } from '@jest/globals';
import { FaultCluster } from '../../support/cluster/fault-cluster.js';
import { sharedMongod } from '../../support/servers/mongod.js';

// Run by interrupted-run.test.ts: starts processes in all the ways that tests do, prints their pids, and never ends.

const file = process.env['ROLLCALL_PIDS_FILE'] ?? '';

/** A sleeper without the test's environment; the shell's own child is one too. */
function sleeper(detached: boolean): number[] {
  const child = spawn('sh', ['-c', 'sleep 600 & wait'], {
    env: { PATH: process.env['PATH'] },
    stdio: 'ignore',
    detached,
  });
  return child.pid === undefined ? [] : [child.pid];
}

async function stoppedCluster(): Promise<number[]> {
  const cluster = await FaultCluster.start(['node-1']);
  for (const victim of cluster.victims) victim.freeze();
  return cluster.victims.flatMap(({ leftovers }) => leftovers);
}

test('it never ends', async () => {
  const stopped = sleeper(false);
  for (const pid of stopped) process.kill(pid, 'SIGSTOP');
  const pids = [
    ...stopped,
    ...sleeper(true),
    ...(process.env['ROLLCALL_WITH_CLUSTER'] === undefined ? [] : await stoppedCluster()),
  ];
  await sharedMongod();
  await writeFile(
    `${file}.part`,
    JSON.stringify({ worker: process.pid, folder: process.env['ROLLCALL_TEST_RUN'], pids }),
  );
  await rename(`${file}.part`, file);
  await new Promise(() => undefined);
}, 600_000);

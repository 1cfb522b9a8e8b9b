import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { freePort, portTrouble } from '../free-port.js';

const TIMEOUT_MS = 2 * 60_000;
const LOOPBACK = '127.0.0.1';

/**
 * Runs the Java test server once through what every test asks of it: classes that it has not loaded by its end are not in the
 * archive that it then writes.
 * @param args arguments of java before the port
 */
export async function recordTimeSkippingClasses(args: string[]): Promise<void> {
  const port = await freePort(LOOPBACK, []);
  const server = spawn('java', [...args, String(port)], { stdio: 'ignore' });
  const gone = once(server, 'exit', { signal: AbortSignal.timeout(TIMEOUT_MS) });
  // It is awaited below, unless something fails before.
  gone.catch(() => undefined);
  try {
    while (server.exitCode === null && (await portTrouble(port, LOOPBACK)) === undefined) await delay(50);
    await exercise(`${LOOPBACK}:${port}`);
    server.kill('SIGTERM');
    await gone;
  } finally {
    server.kill('SIGKILL');
  }
}

async function exercise(address: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: TIMEOUT_MS });
  try {
    const workflow = await new Client({ connection }).workflow.start('nobody', {
      workflowId: 'nobody',
      taskQueue: 'nobody',
    });
    await workflow.signal('anything');
    await workflow.terminate();
  } finally {
    await connection.close();
  }
}

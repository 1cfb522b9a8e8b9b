import { once } from 'node:events';
import { appendFile, readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ServerProcess, type ServerSpec } from '../../support/servers/server-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** A server that runs this before it listens. */
function server(before: string): ServerSpec {
  const script = `${before}; require('net').createServer((socket) => socket.end()).listen(Number(process.argv[1]), '127.0.0.1')`;
  return { name: 'a server', command: process.execPath, args: (port) => ['-e', script, String(port)] };
}
const answers = () => Promise.resolve('an answer');

test('a server that dies at its start is started again', async () => {
  const starts = join(await temporaryFolder(), 'starts');
  await appendFile(starts, '');
  const { server: started, answer } = await ServerProcess.start(
    server(`fs.appendFileSync('${starts}', 'x'); if (fs.readFileSync('${starts}', 'utf8') === 'x') process.exit(1)`),
    answers,
  );
  expect(answer).toBe('an answer');
  expect(await readFile(starts, 'utf8')).toBe('xx');
  await started.stop();
});

test('one that always dies is reported with its last words', async () => {
  await expect(
    ServerProcess.start(server("console.error('no such folder'); process.exit(1)"), answers),
  ).rejects.toThrow('a server ended at its start, 3 times: no such folder');
});

test('one that cannot be run is reported', async () => {
  await expect(ServerProcess.start({ ...server(''), command: '/nowhere/server' }, answers)).rejects.toThrow(
    'a server ended at its start, 3 times',
  );
});

test('it is probed until it answers, and not confused with another program on its port', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  try {
    await expect(ServerProcess.start({ ...server(''), port }, answers)).rejects.toThrow(`port: ${port}`);
  } finally {
    other.close();
  }

  let asked = 0;
  const { server: started } = await ServerProcess.start(server(''), async () => {
    asked += 1;
    if (asked < 3) throw new Error('not yet');
  });
  expect(asked).toBe(3);
  await started.stop();
});

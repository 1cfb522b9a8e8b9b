import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { useApi } from '../../support/api/api-under-test.js';

const api = useApi();

/** Sends a byte every quarter of a second for as long as the server listens. @returns the answer */
async function trickle(beginning: string, byte: string): Promise<string> {
  const { hostname, port } = new URL(api.url);
  const socket: Socket = connect({ host: hostname, port: Number(port) });
  let answer = '';
  // Stored as it comes: the byte after the answer resets the connection, and unread data is lost.
  socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
  socket.on('error', () => undefined);
  const began = Date.now();
  socket.write(beginning);
  while (!socket.closed && socket.writable && Date.now() - began < 40_000) {
    socket.write(byte);
    await sleep(250);
  }
  return answer;
}

test('a sender that trickles its headers or its body is cut off, and delays nobody', async () => {
  const slow = Promise.all([
    trickle('GET /livez HTTP/1.1\r\nHost: api\r\nX-Slow: ', 'a'),
    trickle(
      'POST /v1/agent/register HTTP/1.1\r\nHost: api\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n',
      ' ',
    ),
  ]);
  expect((await api.raw('/livez')).status).toBe(200);
  const [headers, body] = await slow;
  expect(headers).toMatch(/^HTTP\/1\.1 408 /);
  expect(body).toMatch(/^HTTP\/1\.1 408 /);
}, 60_000);

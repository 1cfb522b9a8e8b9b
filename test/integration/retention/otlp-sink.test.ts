import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { OtlpSink } from '../../../src/retention/otlp-sink.js';
import { NOON } from '../../support/manual-clock.js';
import { useInSuite } from '../../support/use-in-suite.js';

interface Received {
  resourceLogs: {
    resource: { attributes: unknown[] };
    scopeLogs: {
      scope: { name: string };
      logRecords: { timeUnixNano: string; eventName: string; body: { stringValue: string }; attributes: unknown[] }[];
    }[];
  }[];
}

/** Accepts OTLP over HTTP like a collector, and answers as the test says. */
const collector = useInSuite(
  async () => {
    const received: Received[] = [];
    const answer = { status: 200 };
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (answer.status === 200) received.push(JSON.parse(Buffer.concat(chunks).toString()) as Received);
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end('{}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/logs`;
    return { url, received, answer, close: () => server.close() };
  },
  ({ close }) => void close(),
);

const line = {
  kind: 'event' as const,
  id: 'e-1',
  at: NOON,
  fields: { type: 'NodeRejected', node: 'node-1', by: 'ana', token: null, reason: 'no "such" thing' },
};

test('a collector gets each line as a log record, complete in its body and in parts in its attributes', async () => {
  await new OtlpSink(collector.url).keep([line]);
  const [{ resource, scopeLogs } = { resource: undefined, scopeLogs: [] }] =
    collector.received.at(-1)?.resourceLogs ?? [];
  expect(resource?.attributes).toContainEqual({ key: 'service.name', value: { stringValue: 'rollcall' } });
  expect(scopeLogs).toHaveLength(1);
  const [record] = scopeLogs[0]?.logRecords ?? [];
  expect(record).toMatchObject({ timeUnixNano: `${NOON}000000`, eventName: 'rollcall.audit.event' });
  expect(JSON.parse(record?.body.stringValue ?? '')).toEqual({
    kind: 'event',
    id: 'e-1',
    at: '2027-01-01T12:00:00.000Z',
    ...line.fields,
  });
  expect(record?.attributes).toContainEqual({ key: 'rollcall.node', value: { stringValue: 'node-1' } });
});

test('a record that the collector refuses does not count as kept', async () => {
  collector.answer.status = 400;
  await expect(new OtlpSink(collector.url).keep([line])).rejects.toThrow();
  collector.answer.status = 200;
});

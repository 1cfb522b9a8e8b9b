import fastify from 'fastify';

/* Baseline for a heartbeat: a Fastify route that reads the same request and sends an answer of the same size, and does nothing else. */
const server = fastify({ logger: false });
server.post('/v1/agent/heartbeat', (request) => {
  const { seq } = request.body as { seq: number };
  return { approval: 'APPROVED', availability: 'ACTIVE', nextHeartbeatMs: 15_000 + (seq % 100), commands: false };
});
const address = await server.listen({ port: 0, host: '127.0.0.1' });
process.send?.({ port: Number(new URL(address).port) });
process.on('disconnect', () => process.exit(0));

// What the heartbeat history costs a real mongod: bytes per point on disk, and time per round. Run it after a build:
//   node bench/heartbeat-history.mjs [nodes] [minutes of beats every 15 s]
import { mongo } from 'mongoose';
import { scratchMongod } from './harness/scratch-mongod.mjs';

const NODES = Number(process.argv[2] ?? 2_000);
const MINUTES = Number(process.argv[3] ?? 60);
const granularity = process.argv[4] ?? 'seconds';
const stepMs = Number(process.argv[5] ?? 15_000);

const server = await scratchMongod();
const client = await mongo.MongoClient.connect(server.uri);
const db = client.db('bench');
await db.createCollection('points', { timeseries: { timeField: 'at', metaField: 'uid', granularity } });
await db.collection('points').createIndex({ uid: 1 });
const points = db.collection('points', { ignoreUndefined: true });

const uids = Array.from({ length: NODES }, () => crypto.randomUUID());
const load = uids.map(() => ({
  cpu: Math.random(),
  mem: 20_000 * Math.random(),
  disk: 300_000 * Math.random(),
  conns: 40 + Math.floor(Math.random() * 100),
}));
const start = Date.now() - MINUTES * 60_000;
const wobble = (value, by, max) => Math.min(max, Math.max(0, value + (Math.random() - 0.5) * by));
const times = [];
let count = 0;
for (let at = start; at < start + MINUTES * 60_000; at += stepMs) {
  const batch = uids.map((uid, index) => {
    const state = load[index];
    state.cpu = wobble(state.cpu, 0.2, 1);
    state.mem = wobble(state.mem, 200, 32_000);
    state.disk = wobble(state.disk, 20, 500_000);
    state.conns = Math.round(wobble(state.conns, 6, 500));
    return {
      at: new Date(at + Math.floor((index / NODES) * stepMs + Math.random() * 3_000)),
      uid,
      cpu: Math.round(state.cpu * 1_000) / 1_000,
      mem: Math.round(state.mem),
      memTotal: 32_000,
      disk: Math.round(state.disk),
      diskTotal: 500_000,
      conns: state.conns,
      sessions: index % 3,
    };
  });
  for (let begin = 0; begin < batch.length; begin += 1_333) {
    const part = batch.slice(begin, begin + 1_333);
    const began = performance.now();
    await points.insertMany(part, { ordered: false, forceServerObjectId: true, writeConcern: { w: 1 } });
    times.push((performance.now() - began) / part.length);
    count += part.length;
  }
}
await db.admin().command({ fsync: 1 });
const stats = await db.command({ collStats: 'points' });
times.sort((a, b) => a - b);
const status = await db.admin().command({ serverStatus: 1 });
console.log({
  count,
  perPointMicros: { median: times[times.length >> 1] * 1000, p99: times[Math.floor(times.length * 0.99)] * 1000 },
  timeseries: stats.timeseries,
  storageSize: stats.storageSize,
  indexSize: stats.totalIndexSize,
  bytesAPoint: (stats.storageSize + stats.totalIndexSize) / count,
  size: stats.size,
  sizeAPoint: stats.size / count,
  catalog: status.bucketCatalog,
  resident: status.mem,
});
console.log(await points.findOne());
const began = performance.now();
const one = await points
  .find({ uid: uids[5], at: { $gte: new Date(start) } })
  .sort({ at: 1 })
  .toArray();
console.log('read', one.length, performance.now() - began);
try {
  console.log(await points.deleteMany({}));
} catch (error) {
  console.log(error.message);
}
await client.close();
await server.stop();

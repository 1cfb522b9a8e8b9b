import mongoose from 'mongoose';
import { Migrations } from '../../../dist/src/mongo/migrations.js';
import { RecordClock } from '../../../dist/src/mongo/record-clock.js';
import { RecordSchema } from '../../../dist/src/mongo/record-schema.js';
import { marking } from './marking-migration.mjs';

/** Starts a migration of the database at the given address, and hangs in the midst of its fourth batch until it is killed. */
const [uri] = process.argv.slice(2);
const connection = await mongoose.createConnection(uri).asPromise();
const clock = new RecordClock(connection);
await clock.follow(connection);
let batches = 0;
const migration = marking({ major: 1, minor: 1 }, async (half) => {
  batches += 1;
  if (batches < 4) return;
  await half();
  process.stdout.write('in the midst\n');
  await new Promise(() => undefined);
});
const timing = { leaseMs: 3_000, lookEveryMs: 1_000, noticeMs: 1_000 };
await new RecordSchema(new Migrations([migration], timing), clock).bringUp(connection, {
  waitsFor: () => undefined,
  stop: new AbortController().signal,
});

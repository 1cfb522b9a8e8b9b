import { randomUUID } from 'node:crypto';
import { Test } from '@nestjs/testing';
import { getConnectionToken } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import type { INestApplicationContext, Type, Abstract } from '@nestjs/common';
import { Clock } from '../../../src/mechanics/clock.js';
import { DatabaseProbe } from '../../../src/process/server-probe.js';
import { MongoModule } from '../../../src/mongo/mongo.module.js';
import { loadConfig } from '../../../contract/config/load-config.js';
import { ManualClock, NOON } from '../manual-clock.js';
import { useMongod } from '../servers/mongod.js';
import { useInSuite } from '../use-in-suite.js';

export interface Stores {
  clock: ManualClock;
  connection: Connection;
  get<Store>(token: Type<Store> | Abstract<Store>): Store;
  /** Empties every collection and sets the clock to noon. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** The default configuration. */
const DEFAULTS = loadConfig({ env: {}, flags: {} });

/** Every MongoDB adapter on a database of its own. */
export async function openStores(uri: string): Promise<Stores> {
  const clock = new ManualClock(NOON);
  const own = new URL(uri);
  own.pathname = `/t-${randomUUID()}`;
  const module = await Test.createTestingModule({ imports: [MongoModule.forRoot(own.href, DEFAULTS)] })
    .overrideProvider(Clock)
    .useValue(clock)
    .compile();
  const context: INestApplicationContext = await module.init();
  // Ensures that indexes exist, which a ping would not: one of them makes names unique.
  await context.get(DatabaseProbe).ready;
  const connection = context.get<Connection>(getConnectionToken());
  return {
    clock,
    connection,
    get: (token) => context.get(token),
    clear: async () => {
      clock.reset(NOON);
      for (const model of Object.values(connection.models)) await model.deleteMany({});
    },
    close: () => context.close(),
  };
}

/** The stores for the tests of a file, on the shared mongod unless they have one of their own. */
export function useStores(mongod = useMongod()): Stores {
  return useInSuite(
    () => openStores(mongod.uri),
    (stores) => stores.close(),
  );
}

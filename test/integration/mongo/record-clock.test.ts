import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { Clock } from '../../../src/mechanics/clock.js';
import { DatabaseProbe } from '../../../src/process/server-probe.js';
import { MongoModule } from '../../../src/mongo/mongo.module.js';
import { corrected } from '../../../src/mongo/record-clock.js';
import { freshDatabase } from '../../support/api/api-under-test.js';
import { sharedMongod, type Mongod } from '../../support/servers/mongod.js';
import { loadConfig } from '../../../contract/config/load-config.js';

const HOUR = 3_600_000;
/** What a busy machine may take between two looks at a clock, in milliseconds: far from an hour. */
const ABOUT = 60_000;

let mongod: Mongod;
beforeAll(async () => {
  mongod = await sharedMongod();
});
afterAll(() => mongod?.stop());
afterEach(() => {
  jest.restoreAllMocks();
});

test.each([HOUR, -HOUR])(
  "follows MongoDB's clock if the machine's is off by %d ms, and when it is set while it runs",
  async (offMs) => {
    const right = Date.now.bind(Date);
    const wrong = jest.spyOn(Date, 'now').mockImplementation(() => right() + offMs);
    const module = await Test.createTestingModule({
      imports: [MongoModule.forRoot(freshDatabase(mongod.uri), loadConfig({ env: {}, flags: {} }))],
    }).compile();
    await module.init();
    try {
      await module.get(DatabaseProbe).ready;
      const clock = module.get(Clock);
      expect(Math.abs(clock.now() - right())).toBeLessThan(ABOUT);
      wrong.mockImplementation(() => right() - offMs);
      expect(Math.abs(clock.now() - right())).toBeLessThan(ABOUT);
      expect(Number.isInteger(clock.now())).toBe(true);
    } finally {
      await module.close();
    }
  },
);

test('corrects a clock by no more than a slow answer proves', () => {
  expect(corrected(undefined, { least: 90, most: 110 })).toBe(100);
  expect(corrected(100, { least: -5_000, most: 5_000 })).toBe(100);
  expect(corrected(100, { least: 103, most: 105 })).toBe(103);
  expect(corrected(100, { least: -HOUR - 2, most: -HOUR })).toBe(-HOUR);
});

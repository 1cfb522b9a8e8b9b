import { expect, test } from '@jest/globals';
import { SHORT } from './plan.js';
import { runChaos } from './run-chaos.js';
import { runSupervisedChaos } from './run-supervised-chaos.js';

/** The short form of `npm run chaos`: CHAOS_SEED repeats the run of a seed. */

const seed = Number(process.env['CHAOS_SEED'] ?? SHORT.seed);

test(`a cluster with random faults (seed ${seed}) keeps its promises`, async () => {
  const { broken, ...figures } = await runChaos({ ...SHORT, seed }, () => undefined);
  console.info(JSON.stringify(figures));
  expect(broken).toEqual({});
  expect(figures.faults).toBeGreaterThan(10);
  expect(figures.decisions.acknowledged).toBeGreaterThan(10);
}, 600_000);

test(`a cluster with random faults of the supervisor of npm start and its processes (seed ${seed}) keeps its promises`, async () => {
  const { broken, left, ...figures } = await runSupervisedChaos(
    { seed, administrators: 3, faults: 4 },
    () => undefined,
  );
  console.info(JSON.stringify(figures));
  expect(broken).toEqual({});
  expect(left).toEqual([]);
  expect(figures.acknowledged).toBeGreaterThan(10);
}, 600_000);

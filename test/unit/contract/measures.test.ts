import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { measure, MEASURE_KEYS, MEASURES, scaleEnd, type MeasureKey } from '../../../contract/measures.js';

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  maximum?: number;
}
const { components } = JSON.parse(await readFile(new URL('../../../openapi.json', import.meta.url), 'utf8')) as {
  components: { schemas: Record<string, JsonSchema> };
};
const heartbeat = components.schemas['Resources'];
const point = components.schemas['NodeHistory']?.properties?.['points']?.items;

/** Measures that the control plane derives from other fields of a heartbeat, or knows by itself. */
const counted = (key: MeasureKey) =>
  measure(key).extremeOf !== undefined ||
  ['sessions', 'gpu', 'gpuMemoryUsedBytes', 'gpuMemoryTotalBytes'].includes(key);

describe.each(MEASURE_KEYS)('the measure %s', (key) => {
  const { reported, bound, optional } = measure(key);

  test('is bounded if a heartbeat reports it', () => {
    if (reported === undefined) return expect(counted(key)).toBe(true);
    const field = reported.reduce<JsonSchema | undefined>((part, name) => part?.properties?.[name], heartbeat);
    expect(field?.maximum).toBe(bound);
    return undefined;
  });

  test('is in every point of a plot, or is optional there', () => {
    expect(point?.properties).toHaveProperty(key);
    expect(point?.required?.includes(key)).toBe(optional !== true);
  });

  test('has a scale that ends in the same unit', () => {
    const end = scaleEnd(key);
    if (typeof end === 'string') expect(measure(end).unit).toBe(measure(key).unit);
    else expect(end ?? 0).toBeLessThanOrEqual(bound);
  });
});

test('each has a unique name in stored documents', () => {
  const names = Object.values(MEASURES).map(({ stored }) => stored);
  expect(new Set([...names, 'at', 'uid', 'late', '_id']).size).toBe(names.length + 4);
});

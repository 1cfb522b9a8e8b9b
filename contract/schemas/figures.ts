import { z } from 'zod';
import {
  measure,
  MEASURE_KEYS,
  REPORTED_MEASURES,
  type MeasureKey,
  type MeasureUnit,
  type OptionalMeasure,
  type ReportedMeasure,
} from '../measures.js';
import { bytes, count, fraction } from './common.js';

/** The fields of MEASURES (measures.ts) in requests and answers. */

type Fields<Key extends MeasureKey> = {
  [Name in Key]: Name extends OptionalMeasure ? z.ZodOptional<z.ZodNumber> : z.ZodNumber;
};

const TYPES: Record<MeasureUnit, z.ZodNumber> = { fraction, bytes, count, load: z.number().nonnegative() };

/** Measures that are fields of a heartbeat, each with its bound. */
export function reportedFigures(): Fields<ReportedMeasure> {
  return fieldsOf(REPORTED_MEASURES, (key) =>
    TYPES[measure(key).unit].max(measure(key).bound).meta({ description: measure(key).means }),
  );
}

/** All measures of one point of a plot. */
export function pointFigures(): Fields<MeasureKey> {
  return fieldsOf(MEASURE_KEYS, (key) => TYPES[measure(key).unit]);
}

function fieldsOf<Key extends MeasureKey>(keys: readonly Key[], typeOf: (key: Key) => z.ZodNumber): Fields<Key> {
  const fields = keys.map((key) => [key, measure(key).optional ? typeOf(key).optional() : typeOf(key)]);
  return Object.fromEntries(fields) as Fields<Key>;
}

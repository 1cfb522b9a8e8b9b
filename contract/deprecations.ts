/** A deprecated part of the API. */
export interface Deprecation {
  /** The name of the operation in openapi.json. */
  operation: string;
  /** The deprecated parameter or field of the body; absent for the whole operation. */
  parameter?: string;
  /** The day from which it should not be used: `2027-01-31`. */
  since: string;
  /** The day on which it is removed. */
  sunset: string;
  /** What to use instead. */
  instead: string;
}

/**
 * All deprecations: answers announce them by `Deprecation` (RFC 9745) and `Sunset` (RFC 8594), `GET /v1` and openapi.json list them. A field of
 * an answer is deprecated by its schema: `.meta({ deprecated: true })`.
 */
export const DEPRECATIONS: readonly Deprecation[] = [];

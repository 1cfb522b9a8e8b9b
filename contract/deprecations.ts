/** What of the API is still there, and is to go. */
export interface Deprecation {
  /** The name of the operation in openapi.json. */
  operation: string;
  /** The parameter, or the field of the body, where the rest of the operation stays. */
  parameter?: string;
  /** The day from which it should not be used: `2027-01-31`. */
  since: string;
  /** The day on which it goes. */
  sunset: string;
  /** What to use in its place. */
  instead: string;
}

/**
 * All of them, in one place: answers tell them by `Deprecation` (RFC 9745) and `Sunset` (RFC 8594), `GET /v1` and openapi.json as they are. A field of
 * an answer is deprecated by its schema: `.meta({ deprecated: true })`.
 */
export const DEPRECATIONS: readonly Deprecation[] = [];

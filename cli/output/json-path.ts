import type { JSONPathQuery, JSONValue } from 'json-p3';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';

/** A JSONPath (RFC 9535) in an option's value, parsed before the first request. */
export abstract class WithPaths {
  /** @throws CliFailure if it is not a JSONPath */
  abstract prepare(): Promise<void>;
}

/** A path may omit its beginning: `labels.pool` is `$.labels.pool`. */
export function wholePath(text: string): string {
  return text.startsWith('$') ? text : `$${/^[.[]/.test(text) ? '' : '.'}${text}`;
}

/** @throws CliFailure USAGE, naming `option` */
export async function compilePath(path: string, option: string): Promise<JSONPathQuery> {
  // Loaded on demand: most commands need none.
  const { compile, JSONPathError } = await import('json-p3');
  try {
    return compile(path);
  } catch (error) {
    if (!(error instanceof JSONPathError)) throw error;
    throw new CliFailure(
      EXIT_CODE.usage,
      'USAGE',
      `${option}: ${error.message}`,
      "It is JSONPath (RFC 9535), as in $.labels.pool or @.liveness == 'HEALTHY'",
      { cause: error },
    );
  }
}

/** The values that a path finds: none, one or several. */
export function found(query: JSONPathQuery, value: unknown): unknown[] {
  return query.query(value as JSONValue).values();
}

import type { Problem } from './types.gen.js';

/** The useful fields of an RFC 9457 problem document, all optional. Newer apis may use codes that this client does not know. */
export interface ToldProblem {
  code: string;
  detail: string;
  title?: string;
  /** Path of the faulty field: `labels.pool`. */
  field?: string;
  /** The remedy. */
  hint?: string;
  /** `urn:uuid:` and the id of the request. */
  instance?: string;
  traceId?: string;
}

const OPTIONAL = ['title', 'field', 'hint', 'instance', 'traceId'] as const;

/** The problem document in a body; undefined if it is something else, such as a proxy's page. */
export function toldProblem(body: unknown): ToldProblem | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const told = body as Record<string, unknown>;
  const { code, detail } = told;
  if (typeof code !== 'string' || typeof detail !== 'string') return undefined;
  const others = OPTIONAL.filter((name) => typeof told[name] === 'string').map((name) => [name, told[name]]);
  return { code, detail, ...Object.fromEntries(others) };
}

/** A failed request. */
export abstract class RollcallError extends Error {
  /** Whether the same request may succeed later. */
  abstract readonly passes: boolean;
}

/** The api refused. The message is its sentence. */
export class RollcallProblem extends RollcallError {
  override readonly name = 'RollcallProblem';
  /** Stable; openapi.json has all of them. (A newer api may use one that is not in this list.) */
  readonly code: Problem['code'];
  readonly status: number;
  readonly title: string | undefined;
  readonly field: string | undefined;
  readonly hint: string | undefined;
  /** Identifies the request in the api's log. */
  readonly requestId: string | undefined;
  readonly traceId: string | undefined;

  constructor({ code, detail, title, field, hint, instance, traceId }: ToldProblem, status: number) {
    super(detail);
    this.code = code as Problem['code'];
    this.status = status;
    this.title = title;
    this.field = field;
    this.hint = hint;
    this.requestId = instance?.replace(/^urn:uuid:/, '');
    this.traceId = traceId;
  }

  get passes(): boolean {
    return this.status === 429 || this.status === 503;
  }
}

/** No api answered: there was no answer, or one of something before the api. */
export class RollcallUnreachable extends RollcallError {
  override readonly name = 'RollcallUnreachable';
  readonly passes = true;

  /** @param status of the answer of something else, if there was one */
  constructor(
    message: string,
    readonly status: number | undefined,
    cause: unknown,
  ) {
    super(message, { cause });
  }
}

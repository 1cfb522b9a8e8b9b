import type { Problem } from './types.gen.js';

/** What of an RFC 9457 problem document is of use, as far as it is there: newer apis have codes that this client does not know. */
export interface ToldProblem {
  code: string;
  detail: string;
  title?: string;
  /** The field at fault, as a path: `labels.pool`. */
  field?: string;
  /** The way out. */
  hint?: string;
  /** `urn:uuid:` and the id of the request. */
  instance?: string;
  traceId?: string;
}

const OPTIONAL = ['title', 'field', 'hint', 'instance', 'traceId'] as const;

/** The problem document in a body; undefined where it is something else: a proxy's page, another program's error. */
export function toldProblem(body: unknown): ToldProblem | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const told = body as Record<string, unknown>;
  const { code, detail } = told;
  if (typeof code !== 'string' || typeof detail !== 'string') return undefined;
  const others = OPTIONAL.filter((name) => typeof told[name] === 'string').map((name) => [name, told[name]]);
  return { code, detail, ...Object.fromEntries(others) };
}

/** A request came to nothing. */
export abstract class RollcallError extends Error {
  /** Whether the same request may succeed later. */
  abstract readonly passes: boolean;
}

/** The api refused, and said why. The message is its sentence. */
export class RollcallProblem extends RollcallError {
  override readonly name = 'RollcallProblem';
  /** Stable; all of them are in openapi.json. (Of a newer api it may be one that this list lacks.) */
  readonly code: Problem['code'];
  readonly status: number;
  readonly title: string | undefined;
  readonly field: string | undefined;
  readonly hint: string | undefined;
  /** By which the api's log names the request. */
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

/** No api answered: nothing did, or something before it. */
export class RollcallUnreachable extends RollcallError {
  override readonly name = 'RollcallUnreachable';
  readonly passes = true;

  /** @param status of whatever answered instead */
  constructor(
    message: string,
    readonly status: number | undefined,
    cause: unknown,
  ) {
    super(message, { cause });
  }
}

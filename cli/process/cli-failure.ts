/** What a script can tell from the exit code. Part of the CLI's contract: never renumber. */
export const EXIT_CODE = {
  ok: 0,
  failure: 1,
  usage: 2,
  timeout: 3,
  authentication: 4,
  notFound: 5,
  conflict: 6,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT_CODE)[keyof typeof EXIT_CODE];

/** A failure that the user is told about in one sentence. Anything else that is thrown is a bug of ours. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';

  constructor(
    readonly exitCode: ExitCode,
    /** Stable, in capitals: the api's error code, or one of the CLI's own. */
    readonly code: string,
    /** One sentence that names the thing. */
    readonly detail: string,
    /** The way out: a command, or what to change. */
    readonly hint?: string,
    options?: ErrorOptions,
  ) {
    super(detail, options);
  }

  /** `NODE_NOT_APPROVED: node n1 awaits approval. Try: rollcall node approve n1` */
  sentence(): string {
    const { code, detail, hint } = this;
    if (!hint) return `${code}: ${detail}`;
    return `${code}: ${/[.!?]$/.test(detail) ? detail : `${detail}.`} ${hint}`;
  }
}

/** Of what an api is behind, at an address that has answered before: it restarts, a balancer has nobody to ask, it takes no more for now. */
const PASSING: ReadonlySet<string> = new Set(['UNREACHABLE', 'UNAVAILABLE', 'TIMEOUT', 'TOO_MANY_REQUESTS', 'NO_API']);

/** Whether what goes on for hours bears it, and tries again. */
export function mayPass(failure: unknown): failure is CliFailure {
  return failure instanceof CliFailure && PASSING.has(failure.code);
}

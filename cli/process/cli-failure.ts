/** Exit codes. Part of the CLI's contract: never renumber. */
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

/** A failure that is reported to the user in one sentence. Any other error is a bug. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';

  constructor(
    readonly exitCode: ExitCode,
    /** Stable, in capitals: the api's error code, or one of the CLI's own. */
    readonly code: string,
    /** One sentence that names the thing. */
    readonly detail: string,
    /** The remedy: a command, or what to change. */
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

/** Failures of an address that has answered before: the api restarts, a balancer has no backend, or it takes no more load for now. */
const PASSING: ReadonlySet<string> = new Set(['UNREACHABLE', 'UNAVAILABLE', 'TIMEOUT', 'TOO_MANY_REQUESTS', 'NO_API']);

/** Whether a long-running command should tolerate it and try again. */
export function mayPass(failure: unknown): failure is CliFailure {
  return failure instanceof CliFailure && PASSING.has(failure.code);
}

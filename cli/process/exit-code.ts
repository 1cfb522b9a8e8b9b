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

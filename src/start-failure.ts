/** Why a process could not start, in one sentence that says what to do, for causes that an operator can mend. */
export function startFailure(error: unknown, { Host, Port }: { Host: string; Port: number }): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  switch (error.code) {
    case 'EADDRINUSE':
      return `port ${Port} on ${Host} is in use: stop what listens there, or set Orchestrator.API.Port to another port (0 takes a free one)`;
    case 'EACCES':
      return `port ${Port} on ${Host} may not be bound by this user: set Orchestrator.API.Port to a port above 1023`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${Host} is no address of this machine: set Orchestrator.API.Host to one, or to 0.0.0.0 for all of them`;
    default:
      return undefined;
  }
}

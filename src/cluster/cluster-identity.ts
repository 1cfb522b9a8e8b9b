/** Which cluster this is. */
export abstract class ClusterIdentity {
  /** The same for as long as its database lives, and after each restoration of it; made when it is first asked for. */
  abstract id(): Promise<string>;
}

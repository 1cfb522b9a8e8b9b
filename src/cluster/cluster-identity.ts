/** Identity of this cluster. */
export abstract class ClusterIdentity {
  /** The cluster's id, created on first use. It lasts as long as the database, including restores from backups. */
  abstract id(): Promise<string>;
}

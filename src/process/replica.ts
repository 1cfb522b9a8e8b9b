/** What names this process in the record, among the replicas of its kind; made anew at every start. */
export const REPLICA = Symbol('replica');

/** The singleton workflow whose memo says which cluster a Temporal namespace belongs to: its type's name, and its id. */
export const CLUSTER_CLAIM_WORKFLOW = 'clusterClaim';
export const CLUSTER_CLAIM_ID = 'rollcall-cluster';

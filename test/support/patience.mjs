/** Factor for timeouts: how many times slower a busy machine may be than one that only runs the tests. */
export const PATIENCE = 6;

/** What a wait is multiplied by: a busy machine may be this many times slower than one that only runs the tests. */
export const PATIENCE = 6;

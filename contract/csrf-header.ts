/** The web page sends it, as `1`, with every request that changes something. Other sites' pages cannot. */
export const CSRF_HEADER = 'x-rollcall-csrf';

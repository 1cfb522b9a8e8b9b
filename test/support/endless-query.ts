/** Runs until it is told to stop, and needs no processor meanwhile. */
export const ENDLESS = 'SELECT sleep_ms(86400000)';

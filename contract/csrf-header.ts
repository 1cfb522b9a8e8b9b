/** Sent by the web page, as `1`, with every changing request. Pages of other origins cannot send it. */
export const CSRF_HEADER = 'x-rollcall-csrf';

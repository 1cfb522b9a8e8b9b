/** What lets a running process follow a new value; `with its file`: what the file holds is read again once it changes, and at SIGHUP. */
export const FOLLOWED = ['at SIGHUP', 'at joining', 'with its file'] as const;
export type Followed = (typeof FOLLOWED)[number];

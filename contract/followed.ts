/** How a running process gets a new value; `with its file`: the named file's content is read again when it changes, and at SIGHUP. */
export const FOLLOWED = ['at SIGHUP', 'at joining', 'with its file'] as const;
export type Followed = (typeof FOLLOWED)[number];

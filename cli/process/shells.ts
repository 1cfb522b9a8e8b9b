/** Shells that completion is made for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

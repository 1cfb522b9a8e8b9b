/** How long the records of ended sessions stay. */
export class SessionRetention {
  /** @param ms in milliseconds */
  constructor(readonly ms: number) {}
}

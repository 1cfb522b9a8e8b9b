/** Makes several writes to stores one: a token is used up if and only if its node came to be. */
export abstract class UnitOfWork {
  /**
   * Whatever the stores do within `work` is committed together, or not at all where `work` throws. `work` may be run
   * more than once when others write the same documents, so it must do nothing but call stores and return. A unit within
   * a unit belongs to the outer one.
   */
  abstract run<Result>(work: () => Promise<Result>): Promise<Result>;
}

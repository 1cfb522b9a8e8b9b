/** A transaction that did not get through in time: MongoDB is away, or too many others write the same documents. Nothing was written. */
export class TransactionAbandoned extends Error {
  override readonly name = 'TransactionAbandoned';

  constructor(cause: unknown) {
    super('the transaction did not get through in time', { cause });
  }
}

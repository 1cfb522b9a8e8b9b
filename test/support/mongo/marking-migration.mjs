export const MARKED = 'things';
const BATCH = 10;

/**
 * A migration that counts in each document how often it was applied. (The product's own leave the same result however often they are applied.)
 * @param {{ major: number, minor: number }} to
 * @param {(half: () => Promise<void>) => Promise<void>} before called before each batch; may have half of it done
 * @returns {import('../../../src/mongo/migrations.js').Migration}
 */
export function marking(to, before = async () => undefined) {
  return {
    to,
    does: 'marks all things',
    async batch(db, position) {
      const things = db.collection(MARKED);
      const filter = position === undefined ? {} : { _id: { $gt: position } };
      const ids = (await things.find(filter).sort({ _id: 1 }).limit(BATCH).toArray()).map(({ _id }) => _id);
      const mark = async (which) => {
        await things.updateMany({ _id: { $in: which } }, { $inc: { marks: 1 } });
      };
      await before(() => mark(ids.slice(0, BATCH / 2)));
      if (ids.length === 0) return undefined;
      await mark(ids);
      return { position: ids.at(-1), documents: ids.length };
    },
  };
}

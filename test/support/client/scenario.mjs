/** What every client of the api has to be able to do; scenario.py does the same. It prints its observations as one line of JSON. */
import { connect, items, pages, RollcallProblem, RollcallUnreachable } from '@rollcall/client';

const { SERVER: server = '', TOKEN: token = '', PREFIX: prefix = '', POSITION: lastEventId = '' } = process.env;
const label = `pool=${prefix}`;
const rollcall = connect({ server, token });

/** @type {string[]} */
const made = [];
for (const number of [1, 2, 3]) {
  const { node } = await rollcall.createNode({ body: { name: `${prefix}-${number}`, labels: { pool: prefix } } });
  made.push(node.id);
}

const again = { body: { name: `${prefix}-4` }, headers: { 'Idempotency-Key': `${prefix}-4` } };
const [first, second] = [await rollcall.createNode(again), await rollcall.createNode(again)];

/** @param {{ limit: number, cursor?: string }} page */
const listed = (page) => rollcall.listNodes({ query: { ...page, limit: 2, label } });
const sizes = [];
for await (const page of pages(listed)) sizes.push(page.length);
const ids = [];
for await (const { id } of items(listed)) ids.push(id);

const decision = {
  path: { id: `${prefix}-joined` },
  body: { reason: 'it was ordered' },
  headers: { 'Idempotency-Key': `${prefix}-approve` },
};
const [approved, repeated] = [await rollcall.approveNode(decision), await rollcall.approveNode(decision)];

/** @param {string} from */
async function nextEvent(from) {
  const query = /** @type {const} */ ({ type: 'SlotCreated', label });
  for await (const followed of rollcall.events({ query, lastEventId: from })) return followed;
  throw new Error('the stream ended');
}
const one = await nextEvent(lastEventId);
const other = await nextEvent(one.position);

/** @param {Promise<unknown>} call */
async function refusalOf(call) {
  const error = await call.then(() => undefined).catch((/** @type {unknown} */ why) => why);
  if (error instanceof RollcallUnreachable) return error.name;
  if (!(error instanceof RollcallProblem)) throw error;
  const { name, code, status, field, requestId } = error;
  return { name, code, status, field: field ?? null, isNamed: /^[0-9a-f-]{36}$/.test(requestId ?? '') };
}
const nowhere = connect({ server: 'http://127.0.0.1:9', token, retries: { attempts: 1 } });

console.log(
  JSON.stringify({
    made,
    isSameAnswer: first.bootstrapToken === second.bootstrapToken,
    sizes,
    ids,
    approval: approved.node.approval.value,
    isSameDecision: approved.node.decision.seq === repeated.node.decision.seq,
    events: [one, other].map(({ event }) => `${event.type} ${event.node}`),
    missing: await refusalOf(rollcall.getNode({ path: { id: `${prefix}-none` } })),
    malformed: await refusalOf(rollcall.createNode({ body: { name: 'Not A Name' } })),
    away: await refusalOf(nowhere.getCluster()),
  }),
);

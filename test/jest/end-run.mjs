// jest's globalTeardown: ends the run that begin-run.mjs has begun.
export default async function endRun() {
  await globalThis.rollcallTestRun?.end();
}

// jest's globalTeardown: ends the run that begin-run.mjs started.
export default async function endRun() {
  await globalThis.rollcallTestRun?.end();
}

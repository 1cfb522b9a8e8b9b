import { PATIENCE } from '../patience.mjs';

/** How long a test waits for the workflow, in real time, in milliseconds. */
const PATIENCE_MS = 20_000 * PATIENCE;

/** Retries until there is an answer. */
export async function untilAnswered<Answer>(
  ask: () => Promise<Answer | undefined>,
  otherwise: string,
): Promise<Answer> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > giveUpAt) throw new Error(otherwise);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

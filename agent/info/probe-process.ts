import si from 'systeminformation';
import { QUESTIONS, type Probes } from './probes.js';

/*
 * Probes the machine in a process for each look: some tools that it starts (nvidia-smi for a sick GPU, df on a dead mount) never end, and
 * systeminformation waits for some of them with its event loop blocked. Each answer is sent as soon as it is known.
 */
process.on('message', (wanted: (keyof Probes)[]) => {
  void answerAll(wanted);
});
process.on('disconnect', () => process.exit());

async function answerAll(wanted: readonly (keyof Probes)[]): Promise<void> {
  // Those that may block come last.
  for (const question of QUESTIONS) {
    if (!wanted.includes(question)) continue;
    const answer = si[question]();
    if (question === 'graphics') await answer.catch(() => undefined);
    void answer.then(
      (value: unknown) => process.send?.({ question, value }),
      (error: Error) => process.send?.({ question, why: error.message }),
    );
  }
}

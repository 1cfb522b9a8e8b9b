/**
 * Waits for `outcome` with a timeout.
 * @throws Error with the message `otherwise` where it takes longer than `withinMs`; a later outcome is ignored
 */
export async function inTime<Result>(outcome: Promise<Result>, withinMs: number, otherwise: string): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(otherwise)), withinMs);
  });
  try {
    return await Promise.race([outcome, late]);
  } finally {
    clearTimeout(timer);
    outcome.catch(() => undefined);
  }
}

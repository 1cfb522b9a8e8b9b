/**
 * Waits for `outcome`, and not longer than this.
 * @throws Error with `otherwise` where it takes longer; what becomes of it then is nobody's concern
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

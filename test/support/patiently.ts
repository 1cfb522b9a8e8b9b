const ATTEMPTS = 5;

/**
 * Starts a server of @temporalio/testing, which gives one 5 s to come up and has no setting for it: a machine that runs other
 * tests besides may need longer, and has the server's files in memory at the next attempt.
 */
export async function patiently<T>(start: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start();
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof Error) || !error.message.includes('did not start within')) throw error;
    }
  }
}

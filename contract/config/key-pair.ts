import type { z } from 'zod';

/** A certificate is of no use without its key, nor the key without it. */
export function bothOrNeither(
  { CertFile, KeyFile }: { CertFile?: string | undefined; KeyFile?: string | undefined },
  context: z.core.$RefinementCtx,
): void {
  if ((CertFile === undefined) === (KeyFile === undefined)) return;
  const [has, lacks] = CertFile === undefined ? ['KeyFile', 'CertFile'] : ['CertFile', 'KeyFile'];
  context.addIssue({ code: 'custom', path: [lacks], message: `only ${has} is set, and TLS needs both` });
}

import { z } from 'zod';
import { key } from './key-about.js';
import { bothOrNeither, path } from './key-types.js';
import { parseMongodbUri, whyNotMongodbUri } from './mongodb-uri.js';

const uri = z.string().superRefine((text, context) => {
  const message = whyNotMongodbUri(text);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

const tls = z
  .strictObject({
    CAFile: key(path.optional(), {
      means: 'the only authorities whose certificates are accepted of MongoDB, PEM; turns TLS on',
      unset: "the URI's `tlsCAFile`, or those of the system",
    }),
    CertFile: key(path.optional(), {
      means: "this process's own certificate for MongoDB, PEM; with `authMechanism=MONGODB-X509` in the URI its user",
      unset: "the URI's `tlsCertificateKeyFile`",
    }),
    KeyFile: key(path.optional(), { means: 'its private key' }),
  })
  .superRefine(bothOrNeither);

/** Options of a URI that duplicate or contradict a key here. */
const RIVALS = { CAFile: ['tlscafile'], CertFile: ['tlscertificatekeyfile'] } as const;

export const mongodbKeys = z
  .strictObject({
    URI: key(uri.optional(), {
      means: 'a replica set and the database there: `mongodb://` or `mongodb+srv://`; its options hold',
      secret: true,
      embedded: true,
      see: 'operations.md#mongodb',
    }),
    TLS: tls.prefault({}),
  })
  .superRefine(({ URI, TLS }, context) => {
    const options = URI === undefined ? undefined : parseMongodbUri(URI)?.options;
    if (options === undefined) return;
    for (const [name, rivals] of Object.entries(RIVALS)) {
      if (TLS[name as keyof typeof RIVALS] === undefined) continue;
      const off = ['tls', 'ssl'].find((option) => options.get(option) === 'false');
      const rival = off ?? rivals.find((option) => options.has(option));
      if (rival !== undefined)
        context.addIssue({ code: 'custom', path: ['TLS', name], message: `the URI says ${rival}=: keep one of them` });
    }
  });

import { z } from 'zod';
import { MOST_SCOPE_TERMS, SCOPED_ROLES } from '../grants.js';
import { LABEL_TERM } from '../labels.js';

export const scopedRole = z.enum(SCOPED_ROLES);

/** Labels, all of which a node must have. */
export const scopeSchema = z
  .array(z.string().max(127).regex(LABEL_TERM, 'write it as key or key=value'))
  .min(1)
  .max(MOST_SCOPE_TERMS)
  .meta({ example: ['pool=a'] });

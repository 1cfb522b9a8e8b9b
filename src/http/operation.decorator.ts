import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';
import { ERRORS, type ErrorCode } from '../../contract/errors.js';

interface Answer {
  description: string;
  schema?: z.ZodType;
  /** For a body other than JSON: its media type, and the component of each of its parts. */
  other?: { type: string; component: string } | { type: string; example: string };
}

/** A route's description for openapi.json: one sentence, its answers and its errors. */
interface OperationOptions {
  summary: string;
  description?: string;
  /** Answers by status; one without a schema has no body, or a body other than JSON. */
  answers: Record<number, Answer>;
  refuses?: ErrorCode[];
}

/** Errors of all routes. */
const ANYWHERE: ErrorCode[] = ['VALIDATION_FAILED', 'TOO_MANY_REQUESTS', 'INTERNAL', 'UNAVAILABLE'];

/** Metadata key of routes with an Idempotency-Key. */
export const TAKES_KEY = Symbol('takes an Idempotency-Key');

const IDEMPOTENCY_KEY = ApiHeader({
  name: 'Idempotency-Key',
  required: false,
  description:
    'repeating the request with the same key within 24 hours (by default) repeats its answer, and does nothing',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,128}$' },
});

/** Metadata key of routes with a dry run. */
export const TAKES_DRY_RUN = Symbol('takes dryRun');

const DRY_RUN = ApiQuery({
  name: 'dryRun',
  required: false,
  description: 'true: everything is checked, nothing is changed, and the answer is what it would have been',
  schema: { type: 'string', enum: ['true', 'false'] },
});

export function Operation({ summary, description, answers, refuses = [] }: OperationOptions) {
  const takesKey = refuses.includes('IDEMPOTENCY_KEY_REUSED');
  return applyDecorators(
    ApiOperation({ summary, ...(description === undefined ? {} : { description }) }),
    ...Object.entries(answers).map(([status, answer]) =>
      ApiResponse({
        status: Number(status),
        description: answer.description,
        ...(answer.schema === undefined ? {} : { standardSchema: answer.schema }),
        ...(answer.other === undefined ? {} : { content: contentOf(answer.other) }),
      }),
    ),
    ...(takesKey ? [IDEMPOTENCY_KEY, SetMetadata(TAKES_KEY, true)] : []),
    ...(takesKey ? [DRY_RUN, SetMetadata(TAKES_DRY_RUN, true)] : []),
    ApiProblems(...refuses, ...ANYWHERE.filter((code) => !(ERRORS[code].status in answers))),
  );
}

/** Declares errors by code; codes of one status share a response. */
export function ApiProblems(...codes: ErrorCode[]) {
  return applyDecorators(
    ...codes.map((code) =>
      ApiResponse({
        status: ERRORS[code].status,
        description: `${code}: ${ERRORS[code].title}`,
        // Only the name; describeOperations completes it.
        examples: { [code]: { summary: ERRORS[code].title, value: undefined } },
      }),
    ),
  );
}

function contentOf(other: NonNullable<Answer['other']>) {
  return {
    [other.type]:
      'component' in other
        ? { schema: { $ref: `#/components/schemas/${other.component}` } }
        : { schema: { type: 'string' }, example: other.example },
  };
}

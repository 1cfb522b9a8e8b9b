import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';
import { ERRORS, type ErrorCode } from '../../contract/errors.js';

/** What a route does, for openapi.json: one sentence, what it answers with, and with which errors it may refuse. */
interface OperationOptions {
  summary: string;
  description?: string;
  /** By status; without a schema the answer has no body. */
  answers: Record<number, { description: string; schema?: z.ZodType }>;
  refuses?: ErrorCode[];
}

/** Errors that any route may answer with. */
const ANYWHERE: ErrorCode[] = ['VALIDATION_FAILED', 'TOO_MANY_REQUESTS', 'INTERNAL', 'UNAVAILABLE'];

export function Operation({ summary, description, answers, refuses = [] }: OperationOptions) {
  return applyDecorators(
    ApiOperation({ summary, ...(description === undefined ? {} : { description }) }),
    ...Object.entries(answers).map(([status, answer]) =>
      ApiResponse({
        status: Number(status),
        description: answer.description,
        ...(answer.schema === undefined ? {} : { standardSchema: answer.schema }),
      }),
    ),
    ApiProblems(...refuses, ...ANYWHERE.filter((code) => !(ERRORS[code].status in answers))),
  );
}

/** Declares problem documents by code; codes of one status share a response. */
export function ApiProblems(...codes: ErrorCode[]) {
  return applyDecorators(
    ...codes.map((code) =>
      ApiResponse({
        status: ERRORS[code].status,
        description: `${code}: ${ERRORS[code].title}`,
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      }),
    ),
  );
}

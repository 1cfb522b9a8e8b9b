import { ProblemError } from './problem-error.js';

/** An issue in the sense of Standard Schema. */
interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/**
 * The problem for the most relevant issue of a request, with its field.
 * @param parameter name of the validated path parameter; undefined for a body or a query
 */
export function validationProblem(issues: readonly Issue[], parameter?: string): ProblemError {
  const issue = mostSpecific(issues);
  const path = [...(parameter === undefined ? [] : [parameter]), ...(issue?.path ?? [])].map((segment) =>
    String(typeof segment === 'object' ? segment.key : segment),
  );
  const unknownKey = unknownKeyOf(issue);
  if (unknownKey !== undefined) {
    const field = shortened([...path, unknownKey].join('.'));
    return new ProblemError({
      code: 'VALIDATION_FAILED',
      detail: `${field} is not a field of this request`,
      field,
      hint: 'Leave it out, or see /openapi.json for the fields there are',
    });
  }
  const field = shortened(path.join('.'));
  const message = issue?.message ?? 'it does not fit its schema';
  return new ProblemError({
    code: 'VALIDATION_FAILED',
    detail: field === '' ? message : `${field}: ${message}`,
    ...(field === '' ? {} : { field }),
  });
}

/** Prefers an unknown key to a missing one: `lables` is a typing error, not a lack of `labels`. */
function mostSpecific(issues: readonly Issue[]): Issue | undefined {
  return issues.find((issue) => unknownKeyOf(issue) !== undefined) ?? issues[0];
}

/** zod names unknown keys in a property of its own. */
function unknownKeyOf(issue: Issue | undefined): string | undefined {
  if (issue === undefined || !('code' in issue) || issue.code !== 'unrecognized_keys') return undefined;
  return 'keys' in issue && Array.isArray(issue.keys) ? String(issue.keys[0]) : undefined;
}

/** Shortens the caller's text for quotation. */
function shortened(text: string): string {
  return text.length <= 100 ? text : `${text.slice(0, 100)}…`;
}

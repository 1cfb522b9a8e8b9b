import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { validationProblem } from './validation-problem.js';

/** Validates parameters with a declared schema (`@Body({ schema })`). Unlike Nest's own pipe it names an invalid path parameter. */
@Injectable()
export class RequestValidationPipe implements PipeTransform {
  async transform(value: unknown, { schema, data }: ArgumentMetadata): Promise<unknown> {
    if (schema === undefined) return value;
    const result = await schema['~standard'].validate(value);
    if (result.issues) throw validationProblem(result.issues, data);
    return result.value;
  }
}

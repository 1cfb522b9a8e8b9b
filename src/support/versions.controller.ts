import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DEPRECATIONS } from '../../contract/deprecations.js';
import { apiVersionsSchema, type ApiVersions } from '../../contract/schemas/versions.js';
import { Roles } from '../auth/access.decorators.js';
import { Operation } from '../http/operation.decorator.js';
import { ROLLCALL_VERSION } from '../process/program.js';

/** Versions of the API, for programs that support several. */
@ApiTags('support')
@Controller('v1')
export class VersionsController {
  @Get()
  @Roles('viewer')
  @Operation({
    summary: 'Which versions of the API there are, and what of it is to go',
    answers: { 200: { description: 'versions and deprecations', schema: apiVersionsSchema } },
  })
  getVersions(): ApiVersions {
    return {
      release: ROLLCALL_VERSION,
      versions: [{ version: 'v1', status: 'current' }],
      deprecations: DEPRECATIONS.map(({ parameter = null, ...rest }) => ({ ...rest, parameter })),
    };
  }
}

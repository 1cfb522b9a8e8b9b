import { Module, type Type } from '@nestjs/common';
import { API_CONTROLLERS } from './api.controllers.js';

// The description is made of the controllers' decorators alone: what the controllers call is never called here.
const collaborators = API_CONTROLLERS.flatMap(
  (controller) => (Reflect.getMetadata('design:paramtypes', controller) ?? []) as Type[],
);

/** The api's routes with nothing behind them: enough to describe them, without any server. */
@Module({ controllers: API_CONTROLLERS, providers: collaborators.map((provide) => ({ provide, useValue: {} })) })
export class DescriptionModule {}

import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { API_CONTROLLERS } from './api.controllers.js';
import { openApiDocument } from './http/openapi-document.js';

/** Writes the api's description to the file named by the first argument, or to stdout. Needs no servers. */

// The description is made of the controllers' decorators alone: what the controllers call is never called here.
const collaborators = API_CONTROLLERS.flatMap((controller) => (Reflect.getMetadata('design:paramtypes', controller) ?? []) as Type[]);

@Module({ controllers: API_CONTROLLERS, providers: collaborators.map((provide) => ({ provide, useValue: {} })) })
class DescriptionModule {}

const app = await NestFactory.create<NestFastifyApplication>(DescriptionModule, new FastifyAdapter(), { logger: ['error'] });
const text = `${JSON.stringify(openApiDocument(app), null, 2)}\n`;
const [path] = process.argv.slice(2);
if (path === undefined) process.stdout.write(text);
else writeFileSync(path, text);

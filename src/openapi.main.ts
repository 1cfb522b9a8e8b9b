import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DescriptionModule } from './description.module.js';
import { openApiDocument } from './http/openapi-document.js';

/** Writes the api's description to the file named by the first argument, or to stdout. Needs no servers. */
const app = await NestFactory.create<NestFastifyApplication>(DescriptionModule, new FastifyAdapter(), {
  logger: ['error'],
});
const text = `${JSON.stringify(openApiDocument(app), null, 2)}\n`;
const [path] = process.argv.slice(2);
if (path === undefined) process.stdout.write(text);
else writeFileSync(path, text);

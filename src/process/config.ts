import { Inject } from '@nestjs/common';

/** What the configuration is provided under. */
export const CONFIG = Symbol('Config');

/** Injects the configuration that the process was started with. */
export const InjectConfig = () => Inject(CONFIG);

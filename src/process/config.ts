import { Inject } from '@nestjs/common';

/** Injection token of the configuration. */
export const CONFIG = Symbol('Config');

/** Injects the configuration of the process. */
export const InjectConfig = () => Inject(CONFIG);

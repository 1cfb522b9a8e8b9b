import { Module } from '@nestjs/common';
import { AgentPackages } from './agent-packages.js';
import { Downloads } from './downloads.js';
import { InstallInstructions } from './install-instructions.js';
import { PublicAddress } from './public-address.js';

/** Installation of nodes: the script, the packages and the instructions. */
@Module({
  providers: [AgentPackages, Downloads, InstallInstructions, PublicAddress],
  exports: [AgentPackages, Downloads, InstallInstructions, PublicAddress],
})
export class InstallationModule {}

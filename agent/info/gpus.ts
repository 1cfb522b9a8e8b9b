import type { Systeminformation } from 'systeminformation';
import type { NodeInfo } from '../../client/index.js';
import type { KnownGpu } from '../resources/gpu-reader.js';
import { reportable } from '../process/reportable.js';

const MAX_GPUS = 64;
const MIB = 1_048_576;

/** Adapters that only draw a console: those of hypervisors and of servers' management boards. */
const CONSOLE_ADAPTERS = /aspeed|matrox|cirrus|bochs|qxl|vmware|virtio|virtualbox|hyper-v|basic (display|render)/i;

export interface GpuInventory {
  described: NodeInfo['gpus'];
  known: KnownGpu[];
}

/** GPUs as reported by systeminformation, which counts memory in MiB and utilisation in percent, and omits what it does not know. */
export function describeGpus(controllers: readonly Systeminformation.GraphicsControllerData[]): GpuInventory {
  const gpus = controllers
    .filter(({ vendor, model }) => !CONSOLE_ADAPTERS.test(`${vendor} ${model}`))
    .slice(0, MAX_GPUS);
  return {
    described: gpus.map((gpu, index) => ({
      index,
      vendor: reportable(gpu.vendor),
      model: reportable(gpu.name ?? gpu.model),
      memoryBytes: inBytes(gpu.memoryTotal ?? gpu.vram),
    })),
    known: gpus.map((gpu, index) => ({
      busAddress: gpu.busAddress ?? '',
      use: {
        index,
        utilization: gpu.utilizationGpu === undefined ? null : Math.min(1, Math.max(0, gpu.utilizationGpu / 100)),
        memoryUsedBytes: inBytes(gpu.memoryUsed),
        memoryTotalBytes: inBytes(gpu.memoryTotal ?? gpu.vram),
      },
    })),
  };
}

function inBytes(mib: number | null | undefined): number | null {
  return mib === null || mib === undefined || !Number.isFinite(mib) || mib <= 0 ? null : Math.round(mib * MIB);
}

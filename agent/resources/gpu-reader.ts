import type { Resources } from '../../contract/schemas/agents.js';
import type { KernelFiles } from './kernel-files.js';

export type GpuUse = Resources['gpus'][number];

/** A GPU that the inventory found, with what the inventory saw of its use. */
export interface KnownGpu {
  /** Its place on the PCI bus, `03:00.0`; empty where unknown. */
  busAddress: string;
  use: GpuUse;
}

/**
 * How busy GPUs are, without starting a process: amdgpu says so in sysfs. Others (NVIDIA's driver answers nvidia-smi only) keep
 * what the last inventory saw, which is one information interval old at most.
 */
export async function readGpus(gpus: readonly KnownGpu[], files: KernelFiles): Promise<GpuUse[]> {
  return Promise.all(
    gpus.map(async ({ busAddress, use }) => {
      if (busAddress === '') return use;
      const number = async (name: string) => {
        const text = await files.read('/sys/bus/pci/devices', fullAddress(busAddress), name);
        const value = Number(text?.trim() || Number.NaN);
        return Number.isFinite(value) ? value : undefined;
      };
      const [busyPercent, used, total] = await Promise.all([
        number('gpu_busy_percent'),
        number('mem_info_vram_used'),
        number('mem_info_vram_total'),
      ]);
      return {
        index: use.index,
        utilization: busyPercent === undefined ? use.utilization : Math.min(1, busyPercent / 100),
        memoryUsedBytes: used ?? use.memoryUsedBytes,
        memoryTotalBytes: total ?? use.memoryTotalBytes,
      };
    }),
  );
}

/** lspci leaves out the domain where there is only one. */
function fullAddress(address: string): string {
  return address.split(':').length === 2 ? `0000:${address}` : address;
}

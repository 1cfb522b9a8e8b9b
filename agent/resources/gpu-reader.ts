import type { Resources } from '../../contract/schemas/agents.js';
import type { KernelFiles } from './kernel-files.js';

export type GpuUse = Resources['gpus'][number];

/** A GPU of the inventory, with its utilisation at that time. */
export interface KnownGpu {
  /** PCI address, `03:00.0`; empty if unknown. */
  busAddress: string;
  use: GpuUse;
}

/**
 * Utilisation of GPUs, without starting a process: amdgpu reports it in sysfs. Others (NVIDIA's driver answers nvidia-smi only) keep
 * the inventory's figure, which is at most one information interval old.
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

/** lspci omits the domain if there is only one. */
function fullAddress(address: string): string {
  return address.split(':').length === 2 ? `0000:${address}` : address;
}

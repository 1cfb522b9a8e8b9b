import { fit, unfit, unknown, type CheckResult, type RunCheck } from './check-result.js';
import { OneAtATime, type ProgramEnd } from './run-program.js';

/** How many units a message names. */
const NAMED = 5;

/** @param limit maximum number of failed units of a fit node */
export function unitsCheck(limit: number, timeoutMs: number, file = 'systemctl'): RunCheck {
  const programs = new OneAtATime();
  const args = ['list-units', '--state=failed', '--plain', '--no-legend', '--no-pager', '--full'];
  return async (stop) => {
    const ended = await programs.run({ file, args, timeoutMs }, stop);
    if (ended.how !== 'exited' || ended.code !== 0) return silent('systemctl', 'this machine has no systemd', ended);
    const failed = linesOf(ended).flatMap((line) => line.trim().split(/\s+/, 1));
    const named = failed.slice(0, NAMED).join(', ');
    if (failed.length > limit) return unfit('UnitsFailed', `${failed.length} failed: ${named}`);
    return fit(failed.length === 0 ? 'no unit has failed' : `${failed.length} failed: ${named}`);
  };
}

const GPU_FIGURES = ['index', 'temperature.gpu', 'ecc.errors.uncorrected.volatile.total'];
/** Exit code of nvidia-smi when a GPU has fallen off the bus. */
const GPU_LOST = 15;

/** NVIDIA GPUs: vanished since the agent started, with uncorrected memory errors, or hotter than `limit` degrees Celsius. */
export function gpuCheck(limit: number, timeoutMs: number, file = 'nvidia-smi'): RunCheck {
  const programs = new OneAtATime();
  const args = [`--query-gpu=${GPU_FIGURES.join(',')}`, '--format=csv,noheader,nounits'];
  let most = 0;
  return async (stop) => {
    const ended = await programs.run({ file, args, timeoutMs }, stop);
    if (ended.code === GPU_LOST) return unfit('GpuLost', linesOf(ended)[0] ?? 'nvidia-smi says that a GPU is lost');
    if (ended.how !== 'exited' || ended.code !== 0)
      return silent('nvidia-smi', 'this machine has no driver of NVIDIA', ended);
    const gpus = linesOf(ended).map((line) => line.split(',').map((figure) => figure.trim()));
    most = Math.max(most, gpus.length);
    if (gpus.length < most) return unfit('GpuLost', `${gpus.length} of ${most} GPUs are there`);
    for (const [index, temperature, errors] of gpus) {
      // A figure that the GPU does not report is a word in brackets.
      if (Number(errors) > 0) return unfit('GpuMemory', `GPU ${index}: ${errors} uncorrected memory errors`);
      if (Number(temperature) > limit) return unfit('GpuHot', `GPU ${index}: ${temperature} °C, over ${limit} °C`);
    }
    return gpus.length === 0 ? unknown('NotHere', 'nvidia-smi lists no GPU') : fit(`${gpus.length} GPUs are well`);
  };
}

function linesOf({ output }: ProgramEnd): string[] {
  return output.split('\n').filter((line) => line.trim() !== '');
}

/** The tool says nothing: it is not installed, or hangs as it does with a sick GPU. */
function silent(tool: string, lacks: string, { how, code, why, output }: ProgramEnd): CheckResult {
  if (how === 'notStarted' && why.includes('ENOENT')) return unknown('NotHere', `${lacks}: ${tool} is not there`);
  if (how === 'timedOut') return unknown('TimedOut', `${tool}: ${why}`);
  return unknown(
    'NotRead',
    how === 'exited' ? `${tool} exited with ${code}: ${output.split('\n', 1)[0]}` : `${tool}: ${why}`,
  );
}

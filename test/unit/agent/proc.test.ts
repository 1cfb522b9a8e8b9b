import { describe, expect, test } from '@jest/globals';
import {
  parseAllowedCpus,
  parseCpuTicks,
  parseEstablishedConnections,
  parseLoadAverage,
  parseMemoryInfo,
  parseSwapUsed,
} from '../../../agent/resources/proc.js';

describe('/proc/stat', () => {
  const STAT = `cpu  300 10 120 4000 60 5 15 20 7 0
cpu0 200 10 80 1000 40 5 10 20 7 0
cpu1 100 0 40 3000 20 0 5 0 0 0
intr 1234 0 0
ctxt 99
`;

  test('waiting for a disk is idle time, time stolen by the hypervisor is busy, and guests are counted once', () => {
    expect(parseCpuTicks(STAT, new Set([0]))).toEqual({ busy: 200 + 10 + 80 + 5 + 10 + 20, total: 325 + 1_000 + 40 });
  });

  test('only processors that this process may run on count', () => {
    expect(parseCpuTicks(STAT, new Set([1]))).toEqual({ busy: 145, total: 3_165 });
    expect(parseCpuTicks(STAT, new Set([0, 1]))).toEqual({ busy: 470, total: 4_530 });
  });

  test('another text has no ticks', () => {
    expect(parseCpuTicks('', new Set([0]))).toEqual({ busy: 0, total: 0 });
  });
});

test.each([
  ['Name:\tnode\nCpus_allowed:\tf\nCpus_allowed_list:\t0-3\n', [0, 1, 2, 3]],
  ['Cpus_allowed_list:\t0-1,4,6-7\n', [0, 1, 4, 6, 7]],
  ['Cpus_allowed_list:\t5\n', [5]],
  ['Name:\tnode\n', []],
])('the processors in %j', (status, cpus) => {
  expect([...parseAllowedCpus(status)]).toEqual(cpus);
});

describe('/proc/meminfo', () => {
  test('available memory is what the kernel says, not what is free', () => {
    const meminfo =
      'MemTotal:        8000000 kB\nMemFree:          500000 kB\nMemAvailable:    6000000 kB\nBuffers:          100 kB\nCached:          5000000 kB\n';
    expect(parseMemoryInfo(meminfo)).toEqual({ totalBytes: 8_000_000 * 1_024, availableBytes: 6_000_000 * 1_024 });
  });

  test('on old kernels free and cached memory count as available', () => {
    const meminfo =
      'MemTotal:        8000000 kB\nMemFree:          500000 kB\nCached:          5000000 kB\nSwapCached:            7 kB\n';
    expect(parseMemoryInfo(meminfo)?.availableBytes).toBe(5_500_000 * 1_024);
  });
});

describe('swap in /proc/meminfo', () => {
  test('what is not free is used', () => {
    expect(parseSwapUsed('SwapCached:      7 kB\nSwapTotal:       2000 kB\nSwapFree:        1500 kB\n')).toBe(
      500 * 1_024,
    );
    expect(parseSwapUsed('SwapTotal:       2000 kB\nSwapFree:        2000 kB\n')).toBe(0);
  });

  test.each([
    ['there is none', 'SwapTotal:       0 kB\nSwapFree:        0 kB\n'],
    ['the kernel does not say', 'MemTotal:        8000000 kB\n'],
    ['the file is empty', ''],
    ['more is free than there is', 'SwapTotal:       1000 kB\nSwapFree:        1500 kB\n'],
  ])('is absent if %s', (_, meminfo) => {
    expect(parseSwapUsed(meminfo)).toBeUndefined();
  });
});

describe('/proc/loadavg', () => {
  test('the first of its three averages is that of a minute', () => {
    expect(parseLoadAverage('1.53 0.98 0.71 2/512 4242\n')).toBe(1.53);
    expect(parseLoadAverage('0.00 0.01 0.05 1/100 7\n')).toBe(0);
  });

  test.each([[''], ['nan 0.98 0.71 2/512 4242\n'], ['-1.00 0.98\n']])('is absent where it says %j', (text) => {
    expect(parseLoadAverage(text)).toBeUndefined();
  });
});

describe('/proc/net/snmp', () => {
  test('established connections are found by the name of the column', () => {
    const snmp = `Ip: Forwarding DefaultTTL
Ip: 1 64
Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs
Tcp: 1 200 120000 -1 1184 1111 42 90 37 424242
Udp: InDatagrams
Udp: 5
`;
    expect(parseEstablishedConnections(snmp)).toBe(37);
  });

  test('without the column there is no number', () => {
    expect(parseEstablishedConnections('Tcp: RtoMin\nTcp: 1\n')).toBeUndefined();
    expect(parseEstablishedConnections('')).toBeUndefined();
  });
});

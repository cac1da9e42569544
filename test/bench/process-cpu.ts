import { readdirSync, readFileSync } from 'node:fs';

export type ThreadCpu = { tid: number; name: string; cpuNs: number };
export type CpuSample = { atNs: bigint; threads: Map<number, ThreadCpu> };

/** CPU time of every thread of a process. From schedstat, which counts nanoseconds where `stat` counts ticks of 10 ms. */
export function sampleCpu(pid: number): CpuSample {
  const threads = new Map<number, ThreadCpu>();
  for (const entry of readdirSync(`/proc/${pid}/task`)) {
    const directory = `/proc/${pid}/task/${entry}`;
    try {
      const cpuNs = Number(readFileSync(`${directory}/schedstat`, 'utf8').split(' ')[0]);
      threads.set(Number(entry), { tid: Number(entry), name: readFileSync(`${directory}/comm`, 'utf8').trim(), cpuNs });
    } catch {
      // The thread ended between the listing and the look.
    }
  }
  return { atNs: process.hrtime.bigint(), threads };
}

/** Shares of one core between two samples, by what the threads are for. */
export function coresBetween(pid: number, before: CpuSample, after: CpuSample): Record<string, number> & { all: number } {
  const elapsedNs = Number(after.atNs - before.atNs);
  const mediaTid = [...after.threads.values()].find((thread) => thread.name === 'offhook-media')?.tid ?? Number.POSITIVE_INFINITY;
  const used = [...after.threads.values()].map((thread) => ({
    ...thread,
    cores: (thread.cpuNs - (before.threads.get(thread.tid)?.cpuNs ?? 0)) / elapsedNs,
  }));
  // Node does not name its threads. Those of V8 and libuv are older than the media thread, ours younger; of ours the detector's works most.
  const ours = used.filter((thread) => thread.tid > mediaTid && !thread.name.startsWith('offhook-'));
  const detector = ours.toSorted((a, b) => b.cores - a.cores)[0]?.tid;
  const shares: Record<string, number> & { all: number } = { all: 0, media: 0, recorder: 0, vad: 0, main: 0, others: 0 };
  for (const { tid, name, cores } of used) {
    const part =
      name === 'offhook-media'
        ? 'media'
        : name === 'offhook-record'
          ? 'recorder'
          : tid === pid
            ? 'main'
            : tid === detector
              ? 'vad'
              : 'others';
    shares[part] = (shares[part] ?? 0) + cores;
    shares.all += cores;
  }
  return shares;
}

export function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
}

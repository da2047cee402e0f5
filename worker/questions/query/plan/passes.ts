/**
 * Passes over the lake: reads that overlap share one.
 * @module
 */
import type { Dataset as LakeDataset } from "../../../pipeline/lake";
import type { MartRead, Read } from "./lake-plan";

/** Reads that overlap, as one pass with the columns of all. `members` are indexes in the list. */
export interface Cluster {
  read: Read;
  members: number[];
}

/** One pass over a level of a mart. */
export interface MartCluster extends Cluster {
  level: LakeDataset;
}

/** Groups reads of marts into passes. */
export function martClustersOf<T>(
  items: readonly T[],
  readOf: (item: T) => MartRead | undefined,
): MartCluster[] {
  const levels = new Set(items.flatMap((item) => readOf(item)?.level ?? []));
  return [...levels].flatMap((level) => {
    const own = (item: T) => (readOf(item)?.level === level ? readOf(item) : undefined);
    return clustersOf(items, own).map((cluster) => ({ ...cluster, level }));
  });
}

/** Groups reads that overlap into passes. Ranges that do not overlap stay separate, so that nothing between them is read. */
export function clustersOf<T>(items: readonly T[], readOf: (item: T) => Read | undefined): Cluster[] {
  const reads = items.flatMap((item, member) => {
    const read = readOf(item);
    return read ? [{ read, member }] : [];
  });
  const clusters: Cluster[] = [];
  for (const { read, member } of reads.sort((a, b) => a.read.from - b.read.from)) {
    const last = clusters.at(-1);
    if (last && read.from < last.read.to) {
      last.read.to = Math.max(last.read.to, read.to);
      last.read.columns.push(...read.columns);
      last.members.push(member);
    } else clusters.push({ read: { ...read, columns: [...read.columns] }, members: [member] });
  }
  for (const { read } of clusters) read.columns = [...new Set(read.columns)].sort();
  return clusters;
}

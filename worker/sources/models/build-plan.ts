/**
 * Plans a build: which partitions of a project's marts to build or delete. Pure.
 * @module
 */
import type { PendingRecords } from "../records";
import { MODELS_OF } from "./drivers";
import type { DriverModels } from "./partition";
import type { MartPart, ModelSource } from "./store";

/** A partition to build, in all datasets of its driver. */
export interface PartTask {
  source: ModelSource;
  models: DriverModels;
  month: string;
  partition: string;
  /** The fingerprint has changed. */
  basis: string;
  /** Parts that the new ones replace. */
  before: MartPart[];
  /** Pending changes that it includes. */
  marks: PendingRecords[];
}

/** Name of a partition. */
export const partitionOf = (source: string, month: string): string => (month ? `${source}/${month}` : source);

/** The source and month of a partition. */
export function splitPartition(partition: string): { source: string; month: string } {
  const [source = "", month = ""] = partition.split("/");
  return { source, month };
}

/** Parts of deleted sources. */
export function orphanedParts(parts: readonly MartPart[], sources: readonly ModelSource[]): MartPart[] {
  const living = new Set(sources.map(({ id }) => id));
  return parts.filter(({ partition }) => partition !== "" && !living.has(splitPartition(partition).source));
}

/** Partitions to build: with pending changes or a changed fingerprint; partitions without months first, then newest first. */
export function tasksOf(
  sources: readonly ModelSource[],
  marks: readonly PendingRecords[],
  parts: readonly MartPart[],
  basisOf: (source: ModelSource, month: string) => string,
): PartTask[] {
  const tasks = sources.flatMap((source): PartTask[] => {
    const models = MODELS_OF[source.driver];
    if (!models) return [];
    const own = marks.filter((mark) => mark.source === source.id && models.streams.includes(mark.stream));
    const built = parts.filter(({ partition }) => splitPartition(partition).source === source.id);
    const months = new Set([
      ...own.map(({ month }) => month),
      ...built.map(({ partition }) => splitPartition(partition).month),
      // Declared tables may have rows from before their mart existed, without pending changes.
      ...(source.mapping && built.length === 0 ? [""] : []),
    ]);
    // Changes of objects of a monthly source must first be converted to changes of its months.
    return [...months]
      .filter((month) => models.monthly === (month !== ""))
      .flatMap((month) => {
        const partition = partitionOf(source.id, month);
        const before = built.filter((part) => part.partition === partition);
        const answered = own.filter((mark) => mark.month === month);
        const basis = basisOf(source, month);
        const isBuilt = models.datasets.every((dataset) =>
          before.some((part) => part.dataset === dataset && part.basis === basis),
        );
        return answered.length === 0 && isBuilt
          ? []
          : [{ source, models, month, partition, basis, before, marks: answered }];
      });
  });
  const rank = ({ month }: PartTask) => month || "9";
  return tasks.sort((a, b) => (rank(a) > rank(b) ? -1 : rank(a) < rank(b) ? 1 : 0));
}

/**
 * Which parts of a project's marts have to be built. Pure: the plan of a build.
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
  /** What it was made with is another now. */
  basis: string;
  /** Parts in whose place the new ones come. */
  before: MartPart[];
  /** Marks that it answers. */
  marks: PendingRecords[];
}

/** Name of a partition. */
export const partitionOf = (source: string, month: string): string => (month ? `${source}/${month}` : source);

/** The source and month of a partition. */
export function splitPartition(partition: string): { source: string; month: string } {
  const [source = "", month = ""] = partition.split("/");
  return { source, month };
}

/** Parts of sources that are no longer there. */
export function orphanedParts(parts: readonly MartPart[], sources: readonly ModelSource[]): MartPart[] {
  const living = new Set(sources.map(({ id }) => id));
  return parts.filter(({ partition }) => partition !== "" && !living.has(splitPartition(partition).source));
}

/** What has to be built: what is marked, and what was made with something else; parts without months, then newest first. */
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
      // Rows of declared tables may have been kept before there was a mart of them: nothing marks those.
      ...(source.mapping && built.length === 0 ? [""] : []),
    ]);
    // Changes of objects of a monthly source are spread over its months first.
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

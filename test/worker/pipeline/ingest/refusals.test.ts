import { expect, it } from "vitest";
import { countRefused } from "../../../../worker/pipeline/ingest";
import { recordingQueue } from "../../../support/recording-queue";

it("a flood of refused requests costs four messages a period, and all of them are counted", async () => {
  const { queue, messages: sent } = recordingQueue();
  for (const key of ["first", "second"]) {
    const after: Promise<unknown>[] = [];
    const later = (work: Promise<unknown>) => void after.push(work);
    for (let i = 0; i < 1000; i++) {
      const refused = {
        project: i % 2 ? "p1" : "p2",
        reason: "origin" as const,
        count: 2,
        key: `${key}-${i}`,
      };
      await countRefused(queue, refused, later, { periodMs: 50 });
    }
    await Promise.all(after);
    for (const project of ["p1", "p2"]) {
      const own = sent.filter(({ project_id }) => project_id === project);
      expect(own.length).toBeLessThanOrEqual(8);
      expect(new Set(own.map((message) => message.key)).size).toBe(own.length);
    }
  }
  const total = sent.reduce((sum, { refused }) => sum + (refused.origin ?? 0), 0);
  expect(total).toBe(4000);
});

import { describe, expect, it } from "vitest";
import { nearest } from "../../../../schema/wire/nearest";
import { DIMENSIONS } from "../../../../worker/pipeline/rollup";
import {
  catalog,
  catalogSchema,
  DATASETS,
  findDataset,
  findDimension,
  findMetric,
  measuresOf,
  metricValue,
} from "../../../../worker/questions/metrics";

const events = DATASETS.events!;
const sessions = DATASETS.sessions!;

describe("names", () => {
  it.each([
    ["dataset", () => findDataset("evnts"), "events"],
    ["metric", () => findMetric(sessions, "bounce-rate"), "bounce_rate"],
    ["metric", () => findMetric(events, "visitor"), "visitors"],
    ["dimension", () => findDimension(events, "event:pth"), "event:path"],
    ["dimension", () => findDimension(sessions, "Visit:Sorce"), "visit:source"],
    ["dimension", () => findDimension(events, "constructor"), expect.any(String)],
  ])("an unknown %s is refused with the nearest known one", (unknown, find, expected) => {
    expect(find()).toMatchObject({ unknown, nearest: expected });
  });

  it("has no suggestion without candidates", () => expect(nearest("a", [])).toBeUndefined());

  it("accept any property where there are properties", () => {
    expect(findDimension(events, "property:plan")).toMatchObject({
      origin: { kind: "property", column: "properties", key: "plan" },
    });
    expect(findDimension(sessions, "property:plan")).toMatchObject({
      origin: { kind: "related", many: true },
    });
    expect(findDimension(events, "property:")).toMatchObject({ unknown: "dimension" });
  });
});

describe("declarations", () => {
  it("name every measure that a metric needs, and have descriptions", () => {
    for (const dataset of Object.values(DATASETS)) {
      for (const metric of Object.values(dataset.metrics)) {
        for (const measure of measuresOf(metric))
          expect(dataset.measures[measure], metric.name).toBeDefined();
      }
      for (const { name, label, description } of [
        ...Object.values(dataset.metrics),
        ...Object.values(dataset.dimensions),
      ]) {
        expect({ name, label, description }).toEqual({
          name,
          label: expect.stringMatching(/^\S/),
          description: expect.stringMatching(/^[A-Z].*\.$/),
        });
      }
    }
  });

  it("leave out null where rollups do, so that both stores break down alike", () => {
    for (const [name, { nulls }] of Object.entries(DIMENSIONS)) {
      const [dataset] = [name.startsWith("event:") ? events : sessions];
      if (name) expect({ name, nulls: dataset.dimensions[name]?.nulls }).toEqual({ name, nulls });
    }
  });

  it("make a catalog that matches its schema", () => {
    expect(catalogSchema.parse(catalog())).toEqual(catalog());
  });
});

describe("ratios", () => {
  const rate = sessions.metrics.bounce_rate!;
  it("are the ratio of sums", () => {
    expect(metricValue(rate, (measure) => (measure === "bounces" ? 1 : 4))).toBe(0.25);
  });
  it("are null when the denominator is 0, not zero", () => {
    expect(metricValue(rate, () => 0)).toBeNull();
    expect(metricValue(rate, () => null)).toBeNull();
  });
  it("subtract a sum, and multiply by a thousand", () => {
    const { cpm, roi } = DATASETS.ads!.metrics;
    const sums: Record<string, number> = { spend: 4, value: 10, impressions: 500 };
    expect([cpm!, roi!].map((metric) => metricValue(metric, (name) => sums[name]!))).toEqual([8, 1.5]);
    expect(measuresOf(roi!)).toEqual(["value", "spend", "spend"]);
    expect(metricValue(roi!, (name) => (name === "value" ? null : 1))).toBeNull();
  });
});

import { expect, test } from "vitest";
import { atOnce, inTurns, type Steps, Turn } from "../../../worker/lib/yield";

function* adding(log: string[], steps: number): Steps<number> {
  for (let i = 0; i < steps; i++) {
    log.push("step");
    yield 10;
  }
  return steps;
}

test("steps let other work run when a turn is over, and return their result", async () => {
  const log: string[] = [];
  const other = async () => {
    for (let i = 0; i < 2; i++) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      log.push("other");
    }
  };
  const [, result] = await Promise.all([other(), inTurns(adding(log, 4), new Turn(20))]);
  expect(result).toBe(4);
  expect(log.slice(0, 4)).toEqual(["step", "step", "other", "step"]);
});

test("at once they run without a pause", () => {
  const log: string[] = [];
  expect(atOnce(adding(log, 3))).toBe(3);
  expect(log).toHaveLength(3);
});

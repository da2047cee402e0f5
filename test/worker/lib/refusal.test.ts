import { expect, test } from "vitest";
import { z } from "zod";
import { fieldErrors } from "../../../worker/lib/refusal";

test("field errors have a path and the code of zod or of the refinement", () => {
  const schema = z.object({
    rows: z.array(z.object({ day: z.string() })),
    zone: z
      .string()
      .refine((zone) => zone === "UTC", { params: { code: "time_zone_unknown" }, error: "unknown" }),
    even: z.number().refine((value) => value % 2 === 0, "odd"),
  });
  const { error } = schema.safeParse({ rows: [{ day: 5 }], zone: "Nowhere", even: 1 });
  expect(fieldErrors(error!)).toEqual([
    { path: "rows.0.day", code: "invalid_type", message: expect.any(String) },
    { path: "zone", code: "time_zone_unknown", message: "unknown" },
    { path: "even", code: "custom", message: "odd" },
  ]);
});

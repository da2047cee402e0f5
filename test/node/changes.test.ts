import { expect, test } from "vitest";
import { dashboardUpdateSchema } from "../../schema/wire/dashboard.ts";
import { annotationUpdateSchema, commentUpdateSchema } from "../../schema/wire/discussion.ts";
import { metricUpdateSchema } from "../../schema/wire/metric.ts";
import { organizationUpdateSchema } from "../../schema/wire/organization.ts";
import { projectUpdateSchema } from "../../schema/wire/project.ts";

test.each([
  ["dashboard", dashboardUpdateSchema, { version: 1 }],
  ["metric", metricUpdateSchema, { version: 1 }],
  ["annotation", annotationUpdateSchema, {}],
  ["comment", commentUpdateSchema, {}],
  ["organization", organizationUpdateSchema, {}],
  ["project", projectUpdateSchema, {}],
])("a change of a %s contains only given fields", (_, schema, change) => {
  expect(schema.parse(change)).toEqual(change);
});

test("widgets of a change still need unique ids", () => {
  const widget = { id: "a", kind: "text", text: "", place: { x: 0, y: 0, w: 1, h: 1 } };
  const { success } = dashboardUpdateSchema.safeParse({ version: 1, widgets: [widget, widget] });
  expect(success).toBe(false);
});

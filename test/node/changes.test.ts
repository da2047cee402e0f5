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
  ["organisation", organizationUpdateSchema, {}],
  ["project", projectUpdateSchema, {}],
])("a change of a %s says nothing that it was not told", (_, schema, change) => {
  expect(schema.parse(change)).toEqual(change);
});

test("widgets of a change still need ids of their own", () => {
  const widget = { id: "a", kind: "text", text: "", place: { x: 0, y: 0, w: 1, h: 1 } };
  const { success } = dashboardUpdateSchema.safeParse({ version: 1, widgets: [widget, widget] });
  expect(success).toBe(false);
});

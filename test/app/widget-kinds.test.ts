/** Every widget kind of the wire schema is in the app's registry, and the editor converts widgets between all of them. */
import { expect, it } from "vitest";
import { asKind, newWidget } from "../../app/src/views/dashboards/editor/convert";
import { isQueryKind, KIND_NAMES, KINDS } from "../../app/src/views/dashboards/kinds";
import { widgetSchema } from "../../schema/wire/dashboard";
import { widgetKindSchema } from "../../schema/wire/widget-kind";

it("the registry has every kind of the wire schema", () => {
  expect(KIND_NAMES.toSorted()).toEqual([...widgetKindSchema.options].sort());
});

it.each(KIND_NAMES)("%s has a default size of at least its minimum size", (name) => {
  const { minSize, defaultSize } = KINDS[name];
  expect(defaultSize.w).toBeGreaterThanOrEqual(minSize.w);
  expect(defaultSize.h).toBeGreaterThanOrEqual(minSize.h);
});

it.each(KIND_NAMES)("a widget of any kind can become %s", (name) => {
  for (const from of KIND_NAMES) {
    const widget = asKind(asKind(newWidget("w-1"), from), name);
    expect(widgetSchema.safeParse(widget).success, `${from} to ${name}`).toBe(true);
    const kind = KINDS[name];
    if (!isQueryKind(kind)) continue;
    expect(widget.query?.dimensions.length).toBeGreaterThanOrEqual(kind.dimensions[0]);
    expect(widget.query?.dimensions.length).toBeLessThanOrEqual(kind.dimensions[1]);
  }
});

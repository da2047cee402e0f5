/**
 * The registry of widget kinds, in the order of the editor.
 * @module
 */
import type { WidgetKind } from "../../../../../schema/wire/dashboard";
import { area } from "./area";
import { bar } from "./bar";
import { donut } from "./donut";
import type { Kind } from "./kind";
import { line } from "./line";
import { map } from "./map";
import { number } from "./number";
import { stacked } from "./stacked";
import { table } from "./table";
import { text } from "./text";

export const KINDS: Record<WidgetKind, Kind> = {
  number,
  line,
  area,
  bar,
  stacked,
  pie: donut,
  table,
  map,
  text,
};
export const KIND_NAMES = Object.keys(KINDS) as WidgetKind[];
export { isQueryKind } from "./kind";

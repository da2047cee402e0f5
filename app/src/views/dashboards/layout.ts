/**
 * The layout of widgets on the grid. Widgets are compacted upwards: each one is directly below the lowest widget above it in
 * its columns, so that there are no gaps and no overlaps. Pure functions; nothing is mutated.
 * @module
 */
import type { Place, WidgetKind } from "../../../../schema/wire/dashboard";
import { KINDS } from "./kinds";

// Copied from the schema, whose module would add zod to the browser's bundle.
export const COLUMNS = 12;
const MAX_HEIGHT = 40;

export interface Placed {
  id: string;
  place: Place;
}

const clamp = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value));

/** Returns the nearest place inside the grid that has the minimum size of the kind. */
export function fitted(place: Place, kind: WidgetKind): Place {
  const least = KINDS[kind].minSize;
  const w = clamp(place.w, least.w, COLUMNS);
  return {
    w,
    h: clamp(place.h, least.h, MAX_HEIGHT),
    x: clamp(place.x, 0, COLUMNS - w),
    y: Math.max(0, place.y),
  };
}

/** Twice the vertical center, an integer, so that ties compare equal. */
const middle = ({ y, h }: Place) => 2 * y + h;

/**
 * The widget being moved. Moving down, it goes below every widget whose center its lower edge has passed, otherwise above
 * every widget whose center its upper edge has passed.
 */
interface Held {
  id: string;
  down: boolean;
}

/**
 * Compacts the layout upwards, in the order of vertical centers. A compact layout is returned unchanged.
 * The result is in the order of `widgets`.
 */
export function settle<T extends Placed>(widgets: readonly T[], held?: Held): T[] {
  const isHeld = ({ id }: T) => id === held?.id;
  const rank = (widget: T) => (isHeld(widget) ? (held?.down ? 1 : -1) : 0);
  const height = (widget: T) => {
    const { y, h } = widget.place;
    return isHeld(widget) ? 2 * (held?.down ? y + h : y) : middle(widget.place);
  };
  const order = [...widgets].sort(
    (a, b) => height(a) - height(b) || rank(a) - rank(b) || a.place.x - b.place.x || (a.id < b.id ? -1 : 1),
  );
  const skyline = new Array<number>(COLUMNS).fill(0);
  const settled = new Map<string, Place>();
  for (const { id, place } of order) {
    const w = Math.min(place.w, COLUMNS);
    const x = clamp(place.x, 0, COLUMNS - w);
    const y = Math.max(...skyline.slice(x, x + w));
    skyline.fill(y + place.h, x, x + w);
    settled.set(id, { ...place, w, x, y });
  }
  return widgets.map((widget) => ({ ...widget, place: settled.get(widget.id) ?? widget.place }));
}

/** Returns the layout with one widget moved to a place. */
export function moved<T extends Placed & { kind: WidgetKind }>(
  widgets: readonly T[],
  id: string,
  to: Place,
): T[] {
  const from = widgets.find((widget) => widget.id === id);
  if (!from) return [...widgets];
  const place = fitted(to, from.kind);
  const next = widgets.map((widget) => (widget.id === id ? { ...widget, place } : widget));
  return settle(next, { id, down: place.y > from.place.y });
}

/** Moves a widget by an arrow key; up and down swap it with a neighbor. */
export function nudged<T extends Placed & { kind: WidgetKind }>(
  widgets: readonly T[],
  id: string,
  dx: number,
  dy: number,
): T[] {
  const place = placeOf(widgets, id);
  if (!place) return [...widgets];
  if (dx !== 0) return moved(widgets, id, { ...place, x: place.x + dx });
  const bottom = Math.max(...widgets.map((widget) => widget.place.y + widget.place.h));
  for (let y = place.y + dy; y >= 0 && y <= bottom; y += dy) {
    const next = moved(widgets, id, { ...place, y });
    if (placeOf(next, id)?.y !== place.y) return next;
  }
  return [...widgets];
}

/** Moves a widget one position in reading order, for screens with one column. */
export function stepped<T extends Placed & { kind: WidgetKind }>(
  widgets: readonly T[],
  id: string,
  step: -1 | 1,
): T[] {
  const order = inReadingOrder(widgets);
  const at = order.findIndex((widget) => widget.id === id);
  const [first, second] = step < 0 ? [order[at - 1], order[at]] : [order[at], order[at + 1]];
  if (at < 0 || !first || !second) return [...widgets];
  const { x, y } = first.place;
  return moved(widgets, second.id, { ...second.place, x: Math.min(x, COLUMNS - second.place.w), y });
}

/** Resizes a widget by grid units. */
export function resized<T extends Placed & { kind: WidgetKind }>(
  widgets: readonly T[],
  id: string,
  dw: number,
  dh: number,
): T[] {
  const place = placeOf(widgets, id);
  if (!place) return [...widgets];
  const w = clamp(place.w + dw, 1, COLUMNS - place.x);
  return moved(widgets, id, { ...place, w, h: place.h + dh });
}

/** Returns the topmost, then leftmost free place for a new widget of a kind. */
export function freePlace(widgets: readonly Placed[], kind: WidgetKind): Place {
  const { w, h } = KINDS[kind].defaultSize;
  const bottom = Math.max(0, ...widgets.map(({ place }) => place.y + place.h));
  for (let y = 0; y < bottom; y++) {
    for (let x = 0; x + w <= COLUMNS; x++) {
      const place = { x, y, w, h };
      if (!widgets.some((widget) => overlaps(widget.place, place)) && isSupported(widgets, place))
        return place;
    }
  }
  return { x: 0, y: bottom, w, h };
}

/** Whether the place is directly below another widget or at the top. */
function isSupported(widgets: readonly Placed[], place: Place): boolean {
  const above = widgets.filter((widget) => sharesColumns(widget.place, place) && widget.place.y < place.y);
  return place.y === Math.max(0, ...above.map((widget) => widget.place.y + widget.place.h));
}

const sharesColumns = (a: Place, b: Place) => a.x < b.x + b.w && b.x < a.x + a.w;

/** Whether two places overlap. */
export function overlaps(a: Place, b: Place): boolean {
  return sharesColumns(a, b) && a.y < b.y + b.h && b.y < a.y + a.h;
}

/** Sorts by row, then column: the order for screen readers and narrow screens. */
export function inReadingOrder<T extends Placed>(widgets: readonly T[]): T[] {
  return [...widgets].sort((a, b) => a.place.y - b.place.y || a.place.x - b.place.x);
}

/** Describes a place; column and row start at 1. */
export function placeText({ x, y, w, h }: Place): string {
  return `column ${x + 1}, row ${y + 1}, ${w} wide, ${h} high`;
}

function placeOf(widgets: readonly Placed[], id: string): Place | undefined {
  return widgets.find((widget) => widget.id === id)?.place;
}

/**
 * Moving and resizing widgets by pointer and keyboard. Positions are decided in `layout`.
 * @module
 */
import { type Accessor, createSignal, type JSX, onCleanup } from "solid-js";
import type { Place, Widget } from "../../../../schema/wire/dashboard";
import { COLUMNS, moved, nudged, placeText, resized, stepped } from "./layout";

/** Height of a row and of the gaps, px; as in the style sheet. */
const ROW_PX = 80;
const GAP_PX = 16;
/** Distance to the edge of the window at which the page scrolls (px), and its speed (px per frame). */
const EDGE_PX = 72;
const SCROLL_PX = 14;
const SLIDE_MS = 160;

type DragMode = "move" | "resize";

interface Dragged {
  id: string;
  style: JSX.CSSProperties;
}

export interface Arranging {
  /** The layout while a widget is dragged. */
  preview: Accessor<Widget[] | undefined>;
  dragged: Accessor<Dragged | undefined>;
  setGrid: (grid: HTMLElement) => void;
  /** Starts a drag. */
  grip: (event: PointerEvent, id: string, mode: DragMode) => void;
  /** Handles keys on a focused widget. */
  press: (event: KeyboardEvent, id: string) => void;
  /** Moves a widget one position back or forward in reading order. */
  step: (id: string, step: -1 | 1) => void;
  /** The last change, for a live region. */
  announcement: Accessor<string>;
}

interface ArrangingOptions {
  widgets: Accessor<readonly Widget[]>;
  titleOf: (id: string) => string;
  onArrange: (widgets: Widget[], text: string) => void;
  onOpen: (id: string) => void;
  onRemove: (id: string) => void;
}

const ARROWS: Record<string, readonly [dx: number, dy: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Disposed with its owner. */
export function createArranging(options: ArrangingOptions): Arranging {
  const [preview, setPreview] = createSignal<Widget[]>();
  const [dragged, setDragged] = createSignal<Dragged>();
  const [announcement, setAnnouncement] = createSignal("");
  let grid: HTMLElement | undefined;
  let stop: (() => void) | undefined;
  onCleanup(() => stop?.());

  const placeIn = (widgets: readonly Widget[], id: string) => widgets.find((one) => one.id === id)?.place;
  const arranged = (next: Widget[], id: string, verb: string) => {
    const place = placeIn(next, id);
    const text = place ? `${options.titleOf(id)} ${verb}: ${placeText(place)}` : "";
    setAnnouncement(text);
    options.onArrange(next, text);
  };

  function follow(
    first: PointerEvent,
    id: string,
    mode: DragMode,
    article: HTMLElement,
    holder: HTMLElement,
  ) {
    const base = [...options.widgets()];
    const from = placeIn(base, id);
    if (!from) return;
    const bounds = holder.getBoundingClientRect();
    const box = article.getBoundingClientRect();
    const column = (bounds.width + GAP_PX) / COLUMNS;
    const row = ROW_PX + GAP_PX;
    let last = first;
    let next = base;
    let frame = 0;
    const startY = first.clientY + window.scrollY;

    const show = () => {
      const dx = last.clientX - first.clientX;
      const dy = last.clientY + window.scrollY - startY;
      const to = cellFor(from, mode, Math.round(dx / column), Math.round(dy / row));
      next = moved(base, id, to);
      slide(holder, id, () => {
        setPreview(next);
        setDragged({ id, style: floating(box, bounds, mode, dx, dy) });
      });
    };
    const scroll = () => {
      const { clientY } = last;
      const by = clientY < EDGE_PX ? -SCROLL_PX : clientY > window.innerHeight - EDGE_PX ? SCROLL_PX : 0;
      const before = window.scrollY;
      if (by) window.scrollBy(0, by);
      if (window.scrollY !== before) show();
      frame = requestAnimationFrame(scroll);
    };
    const move = (event: PointerEvent) => {
      last = event;
      show();
    };
    const end = (keep: boolean) => {
      stop?.();
      const isChanged = JSON.stringify(placeIn(next, id)) !== JSON.stringify(from);
      if (keep && isChanged) arranged(next, id, mode === "move" ? "moved" : "resized");
    };
    const drop = () => end(true);
    const cancel = () => end(false);
    const giveUp = (event: KeyboardEvent) => event.key === "Escape" && cancel();
    stop = () => {
      stop = undefined;
      cancelAnimationFrame(frame);
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", drop);
      window.removeEventListener("pointercancel", cancel);
      window.removeEventListener("keydown", giveUp);
      setDragged(undefined);
      setPreview(undefined);
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", drop);
    window.addEventListener("pointercancel", cancel);
    window.addEventListener("keydown", giveUp);
    frame = requestAnimationFrame(scroll);
    show();
  }

  return {
    preview,
    dragged,
    announcement,
    setGrid(element) {
      grid = element;
    },
    grip(event, id, mode) {
      const article = grid?.querySelector<HTMLElement>(`[data-widget="${CSS.escape(id)}"]`);
      if (event.button !== 0 || !article || !grid) return;
      event.preventDefault();
      article.focus({ preventScroll: true });
      follow(event, id, mode, article, grid);
    },
    step(id, step) {
      arranged(stepped(options.widgets(), id, step), id, "moved");
    },
    press(event, id) {
      // Ignores keys pressed inside a widget.
      if (event.target !== event.currentTarget) return;
      const arrow = ARROWS[event.key];
      if (arrow) {
        event.preventDefault();
        const [dx, dy] = arrow;
        const widgets = options.widgets();
        const next = event.shiftKey ? resized(widgets, id, dx, dy) : nudged(widgets, id, dx, dy);
        const isSame = JSON.stringify(placeIn(next, id)) === JSON.stringify(placeIn(widgets, id));
        if (isSame) setAnnouncement(`${options.titleOf(id)} cannot be moved further`);
        else if (grid) slide(grid, undefined, () => arranged(next, id, event.shiftKey ? "resized" : "moved"));
        // An element that moves in the document loses focus.
        queueMicrotask(() => grid?.querySelector<HTMLElement>(`[data-widget="${CSS.escape(id)}"]`)?.focus());
      } else if (event.key === "Enter") {
        event.preventDefault();
        options.onOpen(id);
      } else if (event.key === "Delete" || event.key === "Backspace") {
        event.preventDefault();
        options.onRemove(id);
      }
    },
  };
}

function cellFor(from: Place, mode: DragMode, dx: number, dy: number): Place {
  if (mode === "move") return { ...from, x: from.x + dx, y: Math.max(0, from.y + dy) };
  const w = Math.max(1, Math.min(COLUMNS - from.x, from.w + dx));
  return { ...from, w, h: Math.max(1, from.h + dy) };
}

/** Positions the dragged widget under the pointer, off the grid. */
function floating(box: DOMRect, bounds: DOMRect, mode: DragMode, dx: number, dy: number): JSX.CSSProperties {
  const isMove = mode === "move";
  return {
    position: "absolute",
    "grid-area": "auto",
    left: `${box.left - bounds.left + (isMove ? dx : 0)}px`,
    top: `${box.top - bounds.top + (isMove ? dy : 0)}px`,
    width: `${Math.max(64, box.width + (isMove ? 0 : dx))}px`,
    height: `${Math.max(64, box.height + (isMove ? 0 : dy))}px`,
  };
}

/** Applies a layout change; every widget but the dragged one slides to its new place. */
function slide(grid: HTMLElement, held: string | undefined, change: () => void): void {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const boxes = new Map<HTMLElement, DOMRect>();
  for (const child of grid.querySelectorAll<HTMLElement>("[data-widget]")) {
    if (!still && child.dataset.widget !== held) boxes.set(child, child.getBoundingClientRect());
  }
  change();
  for (const [child, before] of boxes) {
    const after = child.getBoundingClientRect();
    const [dx, dy] = [before.left - after.left, before.top - after.top];
    if (dx || dy) {
      child.animate([{ translate: `${dx}px ${dy}px` }, { translate: "0 0" }], {
        duration: SLIDE_MS,
        easing: "ease-out",
      });
    }
  }
}

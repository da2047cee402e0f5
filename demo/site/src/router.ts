/**
 * Pages of a single document: links change the address and the page, not the document.
 * @module
 */
import { the } from "./dom.ts";

/** A page: its title and what stands on it. */
export interface Page {
  title: string;
  body: Node[];
}

/** Draws a path below the base; null when there is no such page. */
export type Draw = (path: string) => Page;

const BASE = "/demo";
let drawPage: Draw;
let afterwards: () => void;

/** Address of a path of the shop. The query stays: it says which project the page reports to. */
export const href = (path: string): string => `${BASE}${path === "/" ? "/" : path}${location.search}`;

/** Path of the shop that the address names. */
export const currentPath = (): string => location.pathname.slice(BASE.length).replace(/\/$/, "") || "/";

/** Go to a page. */
export function go(path: string): void {
  history.pushState({}, "", href(path));
  show();
}

/** Draw the page of the address again. */
export function show(): void {
  const { title, body } = drawPage(currentPath());
  document.title = title === "Kasuri" ? title : `${title} · Kasuri`;
  the("#page").replaceChildren(...body);
  afterwards();
}

/** Begin to listen to links and to the browser's own back and forward. */
export function startRouter(draw: Draw, after: () => void): void {
  drawPage = draw;
  afterwards = after;
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
    if (!link || !plain || link.target || link.hasAttribute("download")) return;
    if (link.origin !== location.origin || !link.pathname.startsWith(`${BASE}/`) || link.hash) return;
    event.preventDefault();
    go(link.pathname.slice(BASE.length).replace(/\/$/, "") || "/");
    scrollTo(0, 0);
    the<HTMLElement>("#page").focus({ preventScroll: true });
  });
  addEventListener("popstate", show);
  show();
}

/**
 * Pages of a single document: links change the URL and the page, not the document.
 * @module
 */
import { the } from "./dom.ts";

/** A page: its title and contents. */
export interface Page {
  title: string;
  body: Node[];
}

/** Returns the page of a path below the base; null when there is no such page. */
export type Draw = (path: string) => Page;

const BASE = "/demo";
let drawPage: Draw;
let afterwards: () => void;

/** URL of a path of the shop. The query is preserved: it names the project that the page reports to. */
export const href = (path: string): string => `${BASE}${path === "/" ? "/" : path}${location.search}`;

/** The shop's path in the URL. */
export const currentPath = (): string => location.pathname.slice(BASE.length).replace(/\/$/, "") || "/";

/** Navigate to a page. */
export function go(path: string): void {
  history.pushState({}, "", href(path));
  show();
}

/** Draw the page of the current URL. */
export function show(): void {
  const { title, body } = drawPage(currentPath());
  document.title = title === "Kasuri" ? title : `${title} · Kasuri`;
  the("#page").replaceChildren(...body);
  afterwards();
}

/** Start to handle links and the browser's back and forward. */
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

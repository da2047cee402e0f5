/**
 * A small shop that uses the tracker as any page does, and a pane that shows its events.
 * @module
 */
import "../style/index.css";
import { h, the } from "./dom.ts";
import { draw } from "./pages/index.ts";
import { currentPath, href, startRouter } from "./router.ts";
import { findSettings } from "./settings.ts";
import { basket, member } from "./state.ts";
import { loadTracker } from "./tracker.ts";
import { startPane } from "./watch/pane.ts";
import { watchSent } from "./watch/sent.ts";

function masthead(): void {
  const at = currentPath();
  const link = (path: string, words: string) =>
    h(
      "a",
      { href: href(path), "aria-current": at === path || at.startsWith(`${path}/`) ? "page" : null },
      words,
    );
  const meters = basket().reduce((sum, line) => sum + line.meters, 0);
  const name = member();
  the(".masthead").replaceChildren(
    h("a", { href: href("/"), class: "wordmark" }, "Kasuri"),
    h(
      "nav",
      { "aria-label": "Shop" },
      link("/shop", "Shop"),
      link("/journal", "Journal"),
      link("/about", "About"),
      link(name ? "/account" : "/join", name ?? "Join"),
      link("/cart", meters ? `Basket (${meters})` : "Basket"),
    ),
  );
}

watchSent();
const settings = await findSettings();
if (settings) loadTracker(settings.key);
startRouter(draw, masthead);
startPane(settings);

/**
 * All pages by path.
 * @module
 */
import type { Page } from "../router.ts";
import { cart, checkout, thanks } from "./checkout.ts";
import { article, journal } from "./journal.ts";
import { about, account, join, lost } from "./people.ts";
import { home, product, shop } from "./shop.ts";

const PAGES: Record<string, () => Page> = {
  "/": home,
  "/shop": shop,
  "/cart": cart,
  "/checkout": checkout,
  "/thanks": thanks,
  "/journal": journal,
  "/join": join,
  "/account": account,
  "/about": about,
};

/** The page of a path; the last one is the page for unknown paths. */
export const draw = (path: string): Page => PAGES[path]?.() ?? product(path) ?? article(path) ?? lost(path);

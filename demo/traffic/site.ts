/**
 * The site of the traffic: Kasuri, a fabric shop with a journal. The demo page has the same pages.
 * @module
 */

/** A product. */
export interface Product {
  path: string;
  name: string;
  /** In euros. */
  price: number;
}

export const PRODUCTS: readonly Product[] = [
  { path: "/shop/indigo-kasuri", name: "Indigo kasuri", price: 38 },
  { path: "/shop/selvedge-denim", name: "Selvedge denim, 14 oz", price: 46 },
  { path: "/shop/ecru-hemp", name: "Ecru hemp", price: 29 },
  { path: "/shop/red-thread", name: "Red thread, 200 m", price: 7.5 },
  { path: "/shop/sashiko-kit", name: "Sashiko kit", price: 24 },
  { path: "/shop/moss-twill", name: "Moss twill", price: 33 },
];

export const ARTICLES: readonly { path: string; title: string }[] = [
  { path: "/journal/why-the-edge-holds", title: "Why the edge holds" },
  { path: "/journal/dyeing-with-indigo", title: "Dyeing with indigo" },
  { path: "/journal/a-loom-from-1963", title: "A loom from 1963" },
  { path: "/journal/mending-what-you-love", title: "Mending what you love" },
];

/** Title of every page by its path. */
export const TITLES: Readonly<Record<string, string>> = {
  "/": "Kasuri",
  "/shop": "Shop",
  "/cart": "Basket",
  "/checkout": "Checkout",
  "/thanks": "Thank you",
  "/journal": "Journal",
  "/join": "Join",
  "/account": "Your account",
  "/about": "About the mill",
  ...Object.fromEntries(PRODUCTS.map(({ path, name }) => [path, name])),
  ...Object.fromEntries(ARTICLES.map(({ path, title }) => [path, title])),
};

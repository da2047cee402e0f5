/**
 * The shop's home page, product list and products.
 * @module
 */
import { ARTICLES, PRODUCTS } from "../../../traffic/site.ts";
import { cloth } from "../cloth.ts";
import { euros, h } from "../dom.ts";
import { href, type Page, show } from "../router.ts";
import { put } from "../state.ts";
import { event } from "../tracker.ts";

const unit = (path: string) => (/kit|thread/.test(path) ? "apiece" : "a meter");

function card({ path, name, price }: (typeof PRODUCTS)[number]): HTMLElement {
  return h(
    "a",
    { href: href(path), class: "card" },
    cloth(path),
    h("span", { class: "name" }, name),
    h("span", { class: "price" }, euros(price), h("small", {}, ` ${unit(path)}`)),
  );
}

/** The front page. */
export function home(): Page {
  const hero = h(
    "section",
    { class: "hero" },
    cloth("/shop/indigo-kasuri"),
    h(
      "div",
      { class: "hero-words" },
      h("h1", {}, "Cloth with an edge that holds"),
      h("p", {}, "Woven slowly, on looms narrow enough to finish what they begin. Sold by the meter."),
      h(
        "p",
        { class: "row" },
        h(
          "a",
          { class: "button", href: href("/shop"), onclick: () => event("click", { target: "hero" }) },
          "See the cloth",
        ),
        h("a", { class: "plain", href: href("/journal/why-the-edge-holds") }, "Why the edge holds"),
      ),
    ),
  );
  const shelf = h("div", { class: "shelf" }, ...PRODUCTS.slice(0, 3).map(card));
  const reading = h(
    "ul",
    { class: "reading" },
    ...ARTICLES.map(({ path, title }) => h("li", {}, h("a", { href: href(path) }, title))),
  );
  return {
    title: "Kasuri",
    body: [hero, h("h2", {}, "Off the loom this week"), shelf, h("h2", {}, "From the journal"), reading],
  };
}

/** All products, with a search that filters the list. */
export function shop(): Page {
  const shelf = h("div", { class: "shelf" }, ...PRODUCTS.map(card));
  const search = (submitted: Event) => {
    submitted.preventDefault();
    const query = new FormData(submitted.target as HTMLFormElement).get("query");
    const words = String(query ?? "").toLowerCase();
    const found = PRODUCTS.filter(({ name }) => name.toLowerCase().includes(words));
    shelf.replaceChildren(...(found.length ? found.map(card) : [h("p", {}, "Nothing by that name.")]));
    event("search", { query: words, results: found.length });
  };
  const form = h(
    "form",
    { class: "row", onsubmit: search },
    h("label", { class: "field grow" }, "Search the shelf", h("input", { name: "query", type: "search" })),
    h("button", { class: "button quiet" }, "Search"),
  );
  return { title: "Shop", body: [h("h1", {}, "Shop"), form, shelf] };
}

/** One product. */
export function product(path: string): Page | null {
  const found = PRODUCTS.find((one) => one.path === path);
  if (!found) return null;
  const { name, price } = found;
  const add = () => {
    put(path, 1);
    event("add_to_cart", { product: name, price, currency: "EUR" });
    show();
  };
  return {
    title: name,
    body: [
      h(
        "div",
        { class: "product" },
        cloth(path),
        h(
          "div",
          {},
          h("h1", {}, name),
          h("p", { class: "figure" }, euros(price), h("small", {}, ` ${unit(path)}`)),
          h(
            "p",
            {},
            "Seventy-four centimeters wide, edge to edge. It will shrink by three in a hundred, once.",
          ),
          h(
            "p",
            { class: "row" },
            h("button", { class: "button", onclick: add }, "Put it in the basket"),
            h(
              "button",
              { class: "button quiet", onclick: () => event("click", { target: "size_guide" }) },
              "How much do I need?",
            ),
          ),
        ),
      ),
    ],
  };
}

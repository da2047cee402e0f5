/**
 * The basket, the checkout and the confirmation.
 * @module
 */
import { euros, h } from "../dom.ts";
import { go, href, type Page, show } from "../router.ts";
import { basket, emptyBasket, put, total } from "../state.ts";
import { event } from "../tracker.ts";

function basketRow({ path, name, price, meters }: ReturnType<typeof basket>[number]): HTMLElement {
  const change = (by: number) => () => {
    put(path, by);
    show();
  };
  return h(
    "li",
    {},
    h("a", { href: href(path) }, name),
    h("span", { class: "amount" }, `${meters} × ${euros(price)}`),
    h(
      "span",
      { class: "row tight" },
      h("button", { class: "step", "aria-label": `One less of ${name}`, onclick: change(-1) }, "−"),
      h("button", { class: "step", "aria-label": `One more of ${name}`, onclick: change(1) }, "+"),
    ),
  );
}

const empty = () => [
  h("p", {}, "There is nothing in it yet."),
  h("a", { class: "button", href: href("/shop") }, "See the cloth"),
];

/** The basket. */
export function cart(): Page {
  const lines = basket();
  const full = () => [
    h("ul", { class: "lines" }, ...lines.map(basketRow)),
    h("p", { class: "figure" }, euros(total())),
    h("a", { class: "button", href: href("/checkout") }, "Go to checkout"),
  ];
  return { title: "Basket", body: [h("h1", {}, "Basket"), ...(lines.length ? full() : empty())] };
}

function buy(submitted: Event): void {
  submitted.preventDefault();
  const items = basket();
  event("purchase", {
    order_id: `K-${Date.now().toString(36)}`,
    amount: total(),
    currency: "EUR",
    items: items.length,
  });
  emptyBasket();
  go("/thanks");
}

/** A form whose values are not sent. */
export function checkout(): Page {
  const form = h(
    "form",
    { class: "stack", onsubmit: buy },
    h("label", { class: "field" }, "Name", h("input", { name: "name", required: true, autocomplete: "off" })),
    h("label", { class: "field" }, "Street", h("input", { name: "street", autocomplete: "off" })),
    h("button", { class: "button" }, `Buy for ${euros(total())}`),
  );
  const body = basket().length ? [form] : empty();
  return { title: "Checkout", body: [h("h1", {}, "Checkout"), ...body] };
}

/** After a purchase. */
export function thanks(): Page {
  return {
    title: "Thank you",
    body: [
      h("h1", {}, "Thank you"),
      h("p", {}, "The purchase and its amount are on their way; the money is not."),
      h("a", { class: "button quiet", href: href("/journal") }, "Read something"),
    ],
  };
}

/**
 * The journal and its newsletter.
 * @module
 */
import { ARTICLES } from "../../../traffic/site.ts";
import { h } from "../dom.ts";
import { href, type Page } from "../router.ts";
import { event } from "../tracker.ts";

const TEXTS: Record<string, string[]> = {
  "/journal/why-the-edge-holds": [
    "Cut cloth frays because its threads end. On a narrow loom the weft does not end: it turns at the edge and comes back, row after row, until the edge is denser than what it encloses.",
    "Mills marked that edge with a colored thread, so that a tailor could tell at a glance whose cloth it was. Most of them chose red.",
  ],
  "/journal/dyeing-with-indigo": [
    "Indigo does not dissolve in water, and so it does not dye. It has to be made to forget that it is blue: in the vat it turns yellow, goes into the fiber, and remembers in the air.",
    "That is why the first dip looks like a mistake, and why nobody who has seen the second forgets it.",
  ],
  "/journal/a-loom-from-1963": [
    "It came on a truck, in eleven crates, with one wrench missing. It weaves four meters an hour when it is in the mood, and it is in the mood in winter.",
  ],
  "/journal/mending-what-you-love": [
    "Begin on the inside. Let the stitches run past the hole on every side, as far again as the hole is wide. Use a thread that is weaker than the cloth: something has to give first, and it should not be the cloth.",
  ],
};

function letter(): HTMLElement {
  const form = h(
    "form",
    {
      class: "letter row",
      onsubmit: (submitted) => {
        submitted.preventDefault();
        event("form_submit", { form: "letter" });
        form.replaceChildren(h("p", {}, "You would be on the list now, if there were one."));
      },
    },
    h(
      "label",
      { class: "field grow" },
      "A letter when something is worth one",
      h("input", {
        type: "email",
        name: "email",
        required: true,
        placeholder: "you@example.com",
        autocomplete: "off",
      }),
    ),
    h("button", { class: "button" }, "Send me the letter"),
  );
  return form;
}

/** All articles. */
export function journal(): Page {
  const list = ARTICLES.map(({ path, title }) => {
    const [opening = ""] = TEXTS[path] ?? [];
    return h("li", {}, h("a", { href: href(path) }, title), h("p", {}, `${opening.split(". ")[0]}.`));
  });
  return {
    title: "Journal",
    body: [h("h1", {}, "Journal"), h("ul", { class: "reading long" }, ...list), letter()],
  };
}

/** One article. */
export function article(path: string): Page | null {
  const found = ARTICLES.find((one) => one.path === path);
  if (!found) return null;
  const text = (TEXTS[path] ?? []).map((paragraph) => h("p", {}, paragraph));
  return {
    title: found.title,
    body: [h("article", {}, h("h1", {}, found.title), ...text), letter()],
  };
}

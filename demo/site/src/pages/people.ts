/**
 * Joining, signing out, and the about page.
 * @module
 */
import { h } from "../dom.ts";
import { go, href, type Page, show } from "../router.ts";
import { member, setMember } from "../state.ts";
import { event, identify, reset } from "../tracker.ts";

/** Signs a member up; the tracker gets only the id derived from the name. */
export function signUp(name: string, plan: string): void {
  const id = `member_${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_")}`;
  setMember(name);
  event("form_submit", { form: "join" });
  identify(id, { plan });
  event("signup", { plan, method: "email" });
}

/** The sign-up form. */
export function join(): Page {
  const submit = (submitted: Event) => {
    submitted.preventDefault();
    const form = new FormData(submitted.target as HTMLFormElement);
    signUp(String(form.get("name")), String(form.get("plan")));
    go("/account");
  };
  const plan = (value: string, words: string, checked: boolean) =>
    h("label", { class: "choice" }, h("input", { type: "radio", name: "plan", value, checked }), words);
  const form = h(
    "form",
    { class: "stack", onsubmit: submit },
    h(
      "label",
      { class: "field" },
      "What shall we call you?",
      h("input", { name: "name", required: true, autocomplete: "off" }),
    ),
    h(
      "fieldset",
      {},
      h("legend", {}, "You are"),
      plan("maker", "a maker, for yourself", true),
      plan("workshop", "a workshop, for others", false),
    ),
    h("button", { class: "button" }, "Join"),
  );
  return { title: "Join", body: [h("h1", {}, "Join"), form] };
}

/** The account of the signed-in member. */
export function account(): Page {
  const name = member();
  if (!name) return join();
  const signOut = () => {
    reset();
    setMember(null);
    show();
  };
  return {
    title: "Your account",
    body: [
      h("h1", {}, `Hello, ${name}`),
      h("p", {}, "Until you sign out, every event carries your id, on this page and on the next."),
      h("button", { class: "button quiet", onclick: signOut }, "Sign out"),
    ],
  };
}

/** Outbound links. */
export function about(): Page {
  const outbound = (url: string, words: string) =>
    h(
      "a",
      { href: url, target: "_blank", rel: "noopener", onclick: () => event("outbound_click", { url }) },
      words,
    );
  return {
    title: "About the mill",
    body: [
      h("h1", {}, "About the mill"),
      h("p", {}, "Two looms, one dyer, and a river that the looms no longer need."),
      h(
        "ul",
        { class: "reading" },
        h("li", {}, outbound("https://en.wikipedia.org/wiki/Kasuri", "What kasuri means")),
        h("li", {}, outbound("https://en.wikipedia.org/wiki/Selvage", "What a selvedge is")),
        h("li", {}, h("a", { href: href("/visit-us-in-1962") }, "Directions (they are out of date)")),
      ),
    ],
  };
}

/** The page for unknown paths. */
export function lost(path: string): Page {
  event("404", { path });
  return {
    title: "Not here",
    body: [
      h("h1", {}, "Not here"),
      h("p", {}, `There is no page at ${path}. It has been reported, so that the link can be fixed.`),
      h("a", { class: "button quiet", href: href("/") }, "Back to the front"),
    ],
  };
}

/**
 * The pane with the live view.
 * @module
 */
import { h, the } from "../dom.ts";
import { keep, type Settings } from "../settings.ts";
import { bench } from "./bench.ts";
import { type Entry, newest, onChange, type Stage } from "./ledger.ts";
import { type LinkState, watchLive } from "./live.ts";

const STAGES: Record<Stage, string> = {
  sent: "sent",
  taken: "taken",
  live: "live",
  refused: "refused",
  elsewhere: "from elsewhere",
};
const STATES: Record<LinkState, string> = {
  connecting: "Connecting",
  open: "Live",
  waiting: "Connection lost, trying again",
  full: "Too many connections, trying again later",
  refused: "Not signed in: this is what the page sends",
};
const THREAD_MS = 1200;

/** Draws the pane and updates it. */
export function startPane(settings: Settings | null): void {
  const status = h("p", { class: "status", role: "status" }, h("span", { class: "dot" }), h("span", {}));
  const numbers = h("p", { class: "numbers" });
  const list = h(
    "ol",
    { class: "feed", "aria-live": "polite", "aria-relevant": "additions" },
    h("li", { class: "none" }, "Nothing yet. Click something in the shop, or one of the buttons above."),
  );
  const hint = h("div", {});
  const pane = the<HTMLElement>(".watch");
  const toggle = h(
    "button",
    {
      class: "grip",
      "aria-expanded": "false",
      onclick: () => setOpen(toggle.getAttribute("aria-expanded") !== "true"),
    },
    h("span", { class: "grip-words" }, "What arrives"),
  );
  const setOpen = (open: boolean) => {
    toggle.setAttribute("aria-expanded", String(open));
    pane.classList.toggle("open", open);
  };
  pane.replaceChildren(
    toggle,
    h("div", { class: "watch-body" }, h("h2", {}, "What arrives"), status, numbers, bench(), hint, list),
  );

  const setState = (state: LinkState | null) => {
    status.dataset.state = state ?? "none";
    (status.lastChild as HTMLElement).textContent = state ? STATES[state] : "What the page sends";
    hint.replaceChildren(...hintFor(settings, state));
  };
  onChange(() => {
    const entries = newest();
    const [latest] = entries;
    list.replaceChildren(
      ...(entries.length ? entries.map(row) : [h("li", { class: "none" }, "Nothing yet.")]),
    );
    if (latest) (toggle.firstChild as HTMLElement).textContent = `${latest.name} · ${STAGES[latest.stage]}`;
    stitch();
  });
  setState(null);
  if (settings?.project) {
    watchLive(settings.project, {
      state: setState,
      numbers: (visitors, perMinute) => {
        const rate = perMinute === null ? "" : ` · ${perMinute} events a minute`;
        numbers.textContent = `${visitors} ${visitors === 1 ? "visitor" : "visitors"} now${rate}`;
      },
    });
  }
}

/** Animates the edge when an event arrives. */
function stitch(): void {
  const thread = the<HTMLElement>(".thread");
  thread.classList.add("moving");
  clearTimeout(Number(thread.dataset.timer));
  thread.dataset.timer = String(setTimeout(() => thread.classList.remove("moving"), THREAD_MS));
}

function row({ name, at, path, properties, stage, tookMs, place }: Entry): HTMLElement {
  const facts = Object.entries(properties ?? {}).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  const where = [path, place].filter(Boolean).join(" · ");
  const took =
    tookMs !== undefined && tookMs >= 0 && tookMs < 60_000 ? ` after ${(tookMs / 1000).toFixed(1)} s` : "";
  return h(
    "li",
    { "data-stage": stage },
    h("span", { class: "what" }, name),
    h("time", { datetime: new Date(at).toISOString() }, new Date(at).toLocaleTimeString()),
    h("span", { class: "where" }, [where, ...facts].filter(Boolean).join(" · ")),
    h("span", { class: "stage" }, `${STAGES[stage]}${took}`),
  );
}

function hintFor(settings: Settings | null, state: LinkState | null): Node[] {
  if (!settings) return [askForKey()];
  const back = encodeURIComponent(location.pathname + location.search);
  if (state === "refused") {
    const link = h("a", { href: `/login?next=${back}` }, "Sign in");
    return [
      h(
        "p",
        { class: "hint" },
        link,
        " to see the same events arrive at the project, and how long that takes.",
      ),
    ];
  }
  return settings.project
    ? []
    : [h("p", { class: "hint" }, "Add project=… to the address to watch the project too.")];
}

function askForKey(): HTMLElement {
  const submit = (submitted: Event) => {
    submitted.preventDefault();
    const form = new FormData(submitted.target as HTMLFormElement);
    keep({ key: String(form.get("key")).trim(), project: String(form.get("project")).trim() || null });
    location.reload();
  };
  return h(
    "form",
    { class: "stack ask", onsubmit: submit },
    h("p", {}, "No project is configured for this page."),
    h(
      "label",
      { class: "field" },
      "Write key",
      h("input", {
        name: "key",
        required: true,
        placeholder: "proj_…",
        autocomplete: "off",
        spellcheck: "false",
      }),
    ),
    h(
      "label",
      { class: "field" },
      "Project id, for the live view",
      h("input", { name: "project", autocomplete: "off" }),
    ),
    h("button", { class: "button" }, "Report to it"),
    h("p", { class: "hint" }, h("a", { href: "/projects" }, "Both are in your project's settings.")),
  );
}

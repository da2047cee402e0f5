/**
 * Buttons that send one event of each kind.
 * @module
 */
import { h } from "../dom.ts";
import { go } from "../router.ts";
import { setMember } from "../state.ts";
import { event, identify, reset } from "../tracker.ts";

const BURST = 25;
let pressed = 0;

const ACTS: [label: string, act: () => void][] = [
  ["Page view", () => go(["/", "/shop", "/journal", "/about"][pressed++ % 4] ?? "/")],
  ["Click", () => event("click", { target: "bench" })],
  ["Form", () => event("form_submit", { form: "bench" })],
  ["Sign-up", () => event("signup", { plan: "maker", method: "bench" })],
  [
    "Purchase",
    () => event("purchase", { amount: 46, currency: "EUR", items: 1, order_id: `K-${Date.now()}` }),
  ],
  ["Identify", () => identify("member_bench", { plan: "maker" })],
  [
    "Reset",
    () => {
      reset();
      setMember(null);
    },
  ],
  ["404", () => go(`/nowhere-${++pressed}`)],
  ["Outbound", () => event("outbound_click", { url: "https://en.wikipedia.org/wiki/Kasuri" })],
  [
    `Burst of ${BURST}`,
    () => {
      for (let i = 1; i <= BURST; i++) event("burst", { i });
    },
  ],
];

/** The buttons. */
export function bench(): HTMLElement {
  const buttons = ACTS.map(([label, act]) => h("button", { class: "chip", onclick: act }, label));
  return h("div", { class: "bench", role: "group", "aria-label": "Send an event by hand" }, ...buttons);
}

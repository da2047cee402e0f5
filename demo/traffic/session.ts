/**
 * One visit, page by page: views, clicks, forms and purchases.
 * @module
 */
import type { z } from "zod";
import type { importEventSchema } from "../../schema/wire/event.ts";
import type { Random } from "./random.ts";
import { ARTICLES, PRODUCTS, TITLES } from "./site.ts";
import type { Arrival } from "./sources.ts";
import type { Visitor } from "./visitors.ts";

/** An event as the import endpoint takes it. */
export type TrafficEvent = z.input<typeof importEventSchema> & { timestamp: number };

/** The visitor. */
export interface Who {
  visitor: Visitor;
  session_id: string;
  /** The person, when known from the start. */
  person?: string;
  /** The person that this visit will sign up. */
  joins?: string;
}

const PRODUCT_PATHS = PRODUCTS.map(({ path }) => path);
const ARTICLE_PATHS = ARTICLES.map(({ path }) => path);
const MAX_PAGES = 14;
const NAMES = [
  "Aiko",
  "Ben",
  "Clara",
  "Davide",
  "Elin",
  "Farid",
  "Greta",
  "Hana",
  "Imani",
  "Jonas",
  "Kofi",
  "Lena",
];
const INITIALS = [..."ABCDEFGHKLMNOPRSTVWYZ"];

/** Generates one visit; timestamps count from its start, in ms. */
export class Session {
  readonly events: TrafficEvent[] = [];
  readonly random: Random;
  readonly site: string;
  readonly who: Who;
  readonly arrival: Arrival;
  #at = 0;
  #path: string;
  #url = "";
  #referrer: string;
  #person: string | undefined;
  #basket: (typeof PRODUCTS)[number][] = [];

  constructor(random: Random, site: string, who: Who, arrival: Arrival) {
    this.random = random;
    this.site = site;
    this.who = who;
    this.arrival = arrival;
    this.#path = arrival.path;
    this.#referrer = arrival.referrer;
    this.#person = who.person;
  }

  /** The whole visit. */
  run(): TrafficEvent[] {
    this.#view(this.arrival.query);
    const leavesAtOnce = 0.46 - 0.12 * this.arrival.intent;
    if (!this.who.joins && this.random.chance(leavesAtOnce)) return this.events;
    for (let pages = 1; pages < MAX_PAGES && this.#go(); pages++) this.#view("");
    if (this.who.joins) this.#join(this.who.joins);
    return this.events;
  }

  /** Chooses the next page; false at the end of the visit. */
  #go(): boolean {
    const { random } = this;
    if (random.chance(0.17)) return false;
    const path = this.#path;
    if (path === "/checkout") this.#path = "/thanks";
    else if (path === "/thanks") return false;
    else if (path === "/cart") this.#path = random.chance(0.62) ? "/checkout" : "/shop";
    else if (this.#basket.length && random.chance(0.45)) this.#path = "/cart";
    else if (path.startsWith("/journal/")) this.#path = random.chance(0.55) ? "/journal" : "/shop";
    else if (path === "/journal") this.#path = random.of(ARTICLE_PATHS);
    else if (path === "/shop") this.#path = random.of(PRODUCT_PATHS);
    else this.#path = random.of(["/shop", "/shop", "/shop", "/journal", "/about", "/"]);
    return this.#path !== path;
  }

  #view(query: string): void {
    const { random } = this;
    this.#url = this.site + this.#path + query;
    this.#add("page_view", undefined, this.#referrer);
    this.#referrer = this.#url;
    const readingMs = this.#path.startsWith("/journal/") ? 70_000 : 22_000;
    const lookMs = Math.min(400 + random.wait(readingMs), 600_000);
    this.#act(lookMs);
    this.#at += Math.round(lookMs);
    // The visitor looks away now and then.
    this.#add("$engagement", { engaged_ms: Math.round(lookMs * (0.6 + 0.4 * random.next())) });
    this.#at += 150 + random.int(900);
  }

  /** Adds the page's typical events, in the middle of the time on it. */
  #act(lookMs: number): void {
    const { random } = this;
    const { intent } = this.arrival;
    const began = this.#at;
    this.#at += Math.round(lookMs / 2);
    const product = PRODUCTS.find(({ path }) => path === this.#path);
    if (product) {
      if (random.chance(0.22)) this.#add("click", { target: "size_guide" });
      if (random.chance(0.16 * intent)) {
        this.#basket.push(product);
        this.#add("add_to_cart", { product: product.name, price: product.price, currency: "EUR" });
      }
    } else if (this.#path === "/" && random.chance(0.3)) this.#add("click", { target: "hero" });
    else if (this.#path === "/shop" && random.chance(0.12)) this.#search();
    else if (this.#path.startsWith("/journal/") && random.chance(0.05 * intent)) {
      this.#add("form_submit", { form: "letter" });
    } else if (this.#path === "/about" && random.chance(0.1)) this.#add("click", { target: "directions" });
    else if (this.#path === "/thanks") this.#buy();
    this.#at = began;
  }

  #search(): void {
    const query = this.random.of(["denim", "indigo", "red thread", "linen", "kit"]);
    this.#add("search", { query, results: query === "linen" ? 0 : 1 + this.random.int(4) });
  }

  #buy(): void {
    const pieces = this.#basket.map(({ price }) => ({ price, meters: 1 + this.random.int(3) }));
    const amount = pieces.reduce((sum, { price, meters }) => sum + price * meters, 0);
    const order_id = `K-${this.random.int(1e6).toString().padStart(6, "0")}`;
    this.#add("purchase", { order_id, amount, currency: "EUR", items: pieces.length });
    this.#basket = [];
  }

  #join(person: string): void {
    const { random } = this;
    this.#path = "/join";
    this.#view("");
    const plan = random.chance(0.3) ? "workshop" : "maker";
    this.#add("form_submit", { form: "join" });
    this.#person = person;
    this.#add("$identify", { name: `${random.of(NAMES)} ${random.of(INITIALS)}.`, plan });
    this.#add("signup", { plan, method: random.chance(0.7) ? "email" : "google" });
    this.#at += 2000;
    this.#path = "/account";
    this.#view("");
  }

  #add(event: string, properties?: Record<string, string | number>, referrer?: string): void {
    const { context, language, screen } = this.who.visitor;
    this.events.push({
      event,
      properties,
      distinct_id: this.#person,
      session_id: this.who.session_id,
      page_url: this.#url,
      referrer: referrer || undefined,
      timestamp: this.#at,
      title: TITLES[this.#path],
      language,
      screen,
      context,
    });
  }
}

/**
 * Billing of the company's customers: a price list, subscriptions and their invoices, with known totals.
 * @module
 */
import type { Account } from "./index.ts";
import type { Person } from "./people.ts";
import { between, chance, DAY_MS, pick, token } from "./random.ts";

/** A product with subscriptions. */
export interface Product {
  id: string;
  name: string;
  createdAt: number;
}

/** A price of a product. */
export interface Price {
  id: string;
  product: Product;
  /** ISO 4217 in lower case, as in Stripe's API. */
  currency: string;
  /** Minor units; whole yen. */
  unitAmount: number;
  interval: "month" | "year";
  createdAt: number;
}

/** The subscription has this price from `at` on. */
export interface Plan {
  at: number;
  price: Price;
  quantity: number;
}

/** A subscription from start to end, known in advance. */
export interface Subscription {
  id: string;
  itemId: string;
  customerId: string;
  createdAt: number;
  /** End of the trial, if there is one. */
  trialEndsAt?: number;
  plans: Plan[];
  endsAt?: number;
}

/** The outcome of an invoice. */
export type InvoiceEnd = "paid" | "paid_late" | "uncollectible" | "void";

/** The invoice of one period. */
export interface Invoice {
  id: string;
  number: string;
  chargeId: string;
  subscription: Subscription;
  plan: Plan;
  createdAt: number;
  periodEndsAt: number;
  amount: number;
  end: InvoiceEnd;
  /** Time of its outcome. */
  endsAt: number;
  /** Time of the refund, if there was one. */
  refundedAt?: number;
}

/** A paying person. */
export interface Customer {
  id: string;
  person: Person;
  createdAt: number;
  subscription: Subscription;
}

const PRODUCTS = ["Swatch Club", "Yard Club", "Atelier"] as const;
const AMOUNTS: Record<string, readonly [number, number, number]> = {
  usd: [1_900, 4_900, 14_900],
  eur: [1_800, 4_500, 13_900],
  gbp: [1_500, 3_900, 11_900],
  jpy: [2_800, 7_400, 22_000],
};

/** The time `months` calendar months later; the 31st becomes the last day of a shorter month. */
export function addMonths(at: number, months: number): number {
  const date = new Date(at);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime();
}

/** The price list: each product per month and per year (at ten times the monthly price) in each currency. */
export function makePrices({ seed, openedAt }: Account): Price[] {
  return PRODUCTS.flatMap((name, place) => {
    const product: Product = {
      id: `prod_${token(14, seed, name)}`,
      name,
      createdAt: openedAt + place * 1_000,
    };
    return Object.entries(AMOUNTS).flatMap(([currency, amounts]) =>
      (["month", "year"] as const).map((interval): Price => {
        const unitAmount = (amounts[place] ?? 0) * (interval === "year" ? 10 : 1);
        const id = `price_${token(24, seed, name, currency, interval)}`;
        return { id, product, currency, unitAmount, interval, createdAt: openedAt + place * 1_000 };
      }),
    );
  });
}

function makeSubscription(seed: number, prices: Price[], person: Person, customerId: string, at: number) {
  const { index } = person;
  const own = prices.filter(({ currency }) => currency === person.currency.toLowerCase());
  const interval = chance(seed, index, "yearly") < 0.2 ? "year" : "month";
  const choices = own.filter((price) => price.interval === interval);
  const place = Math.floor(chance(seed, index, "plan") * 3);
  const price = choices[place];
  if (price === undefined) throw new Error(`no price in ${person.currency}`);
  const quantity = pick([1, 1, 1, 2, 5], seed, index, "quantity");
  const trialEndsAt = chance(seed, index, "trial") < 0.4 ? at + 14 * DAY_MS : undefined;
  const firstBillAt = trialEndsAt ?? at;
  const plans: Plan[] = [{ at, price, quantity }];
  // Changes are on the day of an invoice, so no invoice is prorated.
  const better = choices[place + 1];
  const changeMonth = interval === "month" ? 1 + Math.floor(between(1, 7, seed, index, "change")) : undefined;
  if (changeMonth !== undefined && chance(seed, index, "changes") < 0.3) {
    const isUp = chance(seed, index, "up") < 0.7;
    const plan = isUp && better ? { price: better, quantity } : { price: own[0] ?? price, quantity: 1 };
    plans.push({ at: addMonths(firstBillAt, changeMonth), ...plan });
  }
  const months = interval === "year" ? 12 : 1;
  const bills = 1 + Math.floor(between(0, 12, seed, index, "leaves"));
  const leaves = chance(seed, index, "stays") < 0.45;
  const inTrial = trialEndsAt !== undefined && chance(seed, index, "trial only") < 0.3;
  const endsAt = inTrial ? trialEndsAt : leaves ? addMonths(firstBillAt, bills * months) : undefined;
  return {
    id: `sub_${token(24, seed, index)}`,
    itemId: `si_${token(14, seed, index)}`,
    customerId,
    createdAt: at,
    trialEndsAt,
    plans,
    endsAt,
  };
}

/** Paying people of the account, oldest first; about four in ten. Times are whole seconds, as Stripe's are. */
export function customersOf(account: Account, people: Person[], prices: Price[], at: number): Customer[] {
  const { seed } = account;
  return people.flatMap((person): Customer[] => {
    if (chance(seed, person.index, "pays") > 0.4) return [];
    const delay = between(0.01, 6, seed, person.index, "pays after") * DAY_MS;
    const createdAt = Math.floor((person.createdAt + delay) / 1_000) * 1_000;
    if (createdAt > at) return [];
    const id = `cus_${token(14, seed, person.index)}`;
    const subscription = makeSubscription(seed, prices, person, id, createdAt + 60_000);
    return [{ id, person, createdAt, subscription }];
  });
}

/** The plan in force at a time; after its end, the last one before it. */
export function planAt({ plans, endsAt = Infinity }: Subscription, at: number): Plan {
  const plan = plans.findLast((own) => own.at <= at && own.at < endsAt) ?? plans[0];
  if (plan === undefined) throw new Error("a subscription has a plan");
  return plan;
}

/** The invoices of a subscription up to a time, oldest first. */
export function invoicesOf(seed: number, subscription: Subscription, at: number): Invoice[] {
  const first = subscription.trialEndsAt ?? subscription.createdAt;
  const invoices: Invoice[] = [];
  const months = planAt(subscription, first).price.interval === "year" ? 12 : 1;
  for (let n = 0; ; n++) {
    const createdAt = addMonths(first, n * months);
    if (createdAt > at || createdAt >= (subscription.endsAt ?? Infinity)) return invoices;
    const plan = planAt(subscription, createdAt);
    const key = `${subscription.id}/${n}`;
    const luck = chance(seed, key, "end");
    const end = luck < 0.93 ? "paid" : luck < 0.96 ? "paid_late" : luck < 0.985 ? "uncollectible" : "void";
    const wait = end === "paid" ? 3_600_000 : end === "paid_late" ? 4 * DAY_MS : 15 * DAY_MS;
    const isRefunded = end === "paid" && chance(seed, key, "refund") < 0.02;
    invoices.push({
      id: `in_${token(24, seed, key)}`,
      number: `${token(8, seed, subscription.customerId, "number").toUpperCase()}-${String(n + 1).padStart(4, "0")}`,
      chargeId: `ch_${token(24, seed, key)}`,
      subscription,
      plan,
      createdAt,
      periodEndsAt: addMonths(first, (n + 1) * months),
      amount: plan.price.unitAmount * plan.quantity,
      end,
      endsAt: createdAt + wait,
      refundedAt: isRefunded ? createdAt + wait + 3 * DAY_MS : undefined,
    });
  }
}

/** Monthly recurring revenue at a time by currency (lower case), minor units: a yearly price counts a twelfth. */
export function mrr(customers: Customer[], at: number): Map<string, number> {
  const totals = new Map<string, number>();
  for (const { subscription } of customers) {
    const { createdAt, trialEndsAt, endsAt } = subscription;
    if ((trialEndsAt ?? createdAt) > at || (endsAt ?? Infinity) <= at) continue;
    const { price, quantity } = planAt(subscription, at);
    const monthly = (price.unitAmount * quantity) / (price.interval === "year" ? 12 : 1);
    totals.set(price.currency, (totals.get(price.currency) ?? 0) + monthly);
  }
  return totals;
}

/** Paid invoices by currency (lower case) as known at a time, minor units, refunds not subtracted. */
export function paid(seed: number, customers: Customer[], at: number): Map<string, number> {
  const totals = new Map<string, number>();
  for (const { subscription } of customers) {
    for (const invoice of invoicesOf(seed, subscription, at)) {
      if (!invoice.end.startsWith("paid") || invoice.endsAt > at) continue;
      const { currency } = invoice.plan.price;
      totals.set(currency, (totals.get(currency) ?? 0) + invoice.amount);
    }
  }
  return totals;
}

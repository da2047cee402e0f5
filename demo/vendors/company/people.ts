/**
 * The company's people: their sign-ups and campaigns, their employers, and their deals.
 * @module
 */

import type { Campaign } from "./ads.ts";
import type { Account } from "./index.ts";
import { between, chance, DAY_MS, pick, token, weekdayWeight } from "./random.ts";

/** A change of a stage at a time. */
export interface Step {
  at: number;
  stage: string;
}

/** An employer. */
export interface Company {
  /** HubSpot's id: digits. */
  id: string;
  name: string;
  domain: string;
  country: string;
  createdAt: number;
}

/** A sales opportunity. */
export interface Deal {
  id: string;
  name: string;
  pipeline: string;
  /** Minor units of `currency`. */
  amountMinor: number;
  currency: string;
  /** Stages in order of time; the first creates the deal. */
  steps: Step[];
}

/** A person who signed up. */
export interface Person {
  /** Order of sign-up from 0. */
  index: number;
  /** HubSpot's id: digits. */
  id: string;
  firstName: string;
  lastName: string;
  email: string;
  country: string;
  /** Currency of payments: USD, EUR, GBP or JPY. */
  currency: string;
  createdAt: number;
  company: Company;
  /** The campaign of the sign-up, if it came from an ad. */
  campaign?: Campaign;
  /** Lifecycle stages in order of time, by HubSpot's names. */
  steps: Step[];
  deal?: Deal;
}

const FIRST = [
  "Ada",
  "Bo",
  "Chiyo",
  "Dario",
  "Edda",
  "Femi",
  "Greta",
  "Hugo",
  "Imani",
  "Jun",
  "Kaja",
  "Luz",
] as const;
const LAST = [
  "Arden",
  "Brandt",
  "Castell",
  "Dufour",
  "Endo",
  "Fields",
  "Gale",
  "Hoshino",
  "Ito",
  "Jansen",
] as const;
const TRADES = [
  "Tailors",
  "Atelier",
  "Mills",
  "Workwear",
  "Quilts",
  "Studio",
  "Outfitters",
  "Dye Works",
] as const;
const PLACES = [
  "Alder",
  "Birch",
  "Canal",
  "Dover",
  "Elm",
  "Fjord",
  "Grove",
  "Harbour",
  "Iron",
  "Juniper",
] as const;
const COUNTRIES = [
  { country: "United States", currency: "USD" },
  { country: "Germany", currency: "EUR" },
  { country: "United Kingdom", currency: "GBP" },
  { country: "Japan", currency: "JPY" },
] as const;

/** Stages of the sales pipeline, in HubSpot's default ids, with the chance of a win in each. */
export const SALES_STAGES = [
  { id: "appointmentscheduled", label: "Appointment scheduled", probability: 0.2 },
  { id: "qualifiedtobuy", label: "Qualified to buy", probability: 0.4 },
  { id: "presentationscheduled", label: "Presentation scheduled", probability: 0.6 },
  { id: "contractsent", label: "Contract sent", probability: 0.9 },
  { id: "closedwon", label: "Closed won", probability: 1 },
  { id: "closedlost", label: "Closed lost", probability: 0 },
] as const;
/** Stages of the wholesale pipeline. */
export const WHOLESALE_STAGES = [
  { id: "6010001", label: "Samples sent", probability: 0.3 },
  { id: "6010002", label: "Price agreed", probability: 0.7 },
  { id: "6010003", label: "Ordered", probability: 1 },
  { id: "6010004", label: "Gone quiet", probability: 0 },
] as const;

function makeDeal(seed: number, person: Omit<Person, "deal">): Deal | undefined {
  const { index, company, currency } = person;
  if (chance(seed, index, "deal") > 0.4) return undefined;
  const isWholesale = chance(seed, index, "wholesale") < 0.25;
  const stages = isWholesale ? WHOLESALE_STAGES : SALES_STAGES;
  const open = stages.slice(0, -2).map(({ id }) => id);
  const last = stages.at(chance(seed, index, "won") < 0.4 ? -2 : -1)?.id ?? "";
  // Most are decided within days, so that every week has deals that were opened and won in it.
  const pace = chance(seed, index, "pace") < 0.7 ? 0.08 : 1;
  let at = person.createdAt + Math.floor(between(1, 5, seed, index, "deal at") * pace * DAY_MS);
  const steps = [...open, last].map((stage, i): Step => {
    const step = { at, stage };
    at += Math.floor(between(2, 12, seed, index, "step", i) * pace * DAY_MS);
    return step;
  });
  const major = Math.round(between(400, 9_000, seed, index, "amount"));
  return {
    id: String(30_000_000_000 + index),
    name: `${company.name} - ${isWholesale ? "wholesale" : "club"}`,
    pipeline: isWholesale ? "6010000" : "default",
    amountMinor: currency === "JPY" ? major * 150 : major * 100,
    currency,
    steps,
  };
}

function makeCompany(seed: number, index: number, createdAt: number): Company {
  const name = `${pick(PLACES, seed, index, "place")} ${pick(TRADES, seed, index, "trade")}`;
  const domain = `${name.toLowerCase().replaceAll(" ", "-")}-${index}.example`;
  const { country } = pick<(typeof COUNTRIES)[number]>(COUNTRIES, seed, index, "country");
  return { id: String(20_000_000_000 + index), name, domain, country, createdAt };
}

function lifecycle(seed: number, index: number, createdAt: number, deal: Deal | undefined): Step[] {
  const later = createdAt + Math.floor(between(0.1, 3, seed, index, "lead") * DAY_MS);
  const steps: Step[] = [
    { at: createdAt, stage: "subscriber" },
    { at: later, stage: "lead" },
  ];
  const opened = deal?.steps[0];
  const won = deal?.steps.find(({ stage }) => stage === "closedwon" || stage === "6010003");
  if (opened) steps.push({ at: Math.max(opened.at, later), stage: "opportunity" });
  if (won) steps.push({ at: Math.max(won.at, later), stage: "customer" });
  return steps;
}

/** People of a company's account up to a time. Days are generated once; later times only add to them. */
export function makePeople(account: Account): (at: number) => Person[] {
  const { seed, openedAt } = account;
  const campaigns = account.adAccounts.flatMap((own) => own.campaigns);
  const people: Person[] = [];
  const companies: Company[] = [];
  let nextDay = openedAt / DAY_MS;

  const companyOf = (index: number, createdAt: number): Company => {
    const isKnown = companies.length > 3 && chance(seed, index, "known company") < 0.4;
    const known = companies[Math.floor(chance(seed, index, "which company") * companies.length)];
    if (isKnown && known) return known;
    const made = makeCompany(seed, companies.length, createdAt);
    companies.push(made);
    return made;
  };
  const add = (createdAt: number) => {
    const index = people.length;
    const company = companyOf(index, createdAt);
    const running = campaigns.filter(
      (own) => own.createdAt <= createdAt && createdAt < (own.endsAt ?? Infinity),
    );
    const chosen = running[Math.floor(chance(seed, index, "campaign") * running.length)];
    const firstName = pick(FIRST, seed, index, "first");
    const lastName = pick(LAST, seed, index, "last");
    const email = `${firstName}.${lastName}.${token(4, seed, index, "mail")}@${company.domain}`.toLowerCase();
    const { currency } = COUNTRIES.find(({ country }) => country === company.country) ?? COUNTRIES[0];
    const person: Person = {
      index,
      id: String(100_000_001 + index * 50), // HubSpot's ids grow, with gaps
      firstName,
      lastName,
      email,
      country: company.country,
      currency,
      createdAt,
      company,
      campaign: chance(seed, index, "by ad") < 0.55 ? chosen : undefined,
      steps: [],
    };
    person.deal = makeDeal(seed, person);
    person.steps = lifecycle(seed, index, createdAt, person.deal);
    people.push(person);
  };

  return (at) => {
    for (; nextDay * DAY_MS <= at; nextDay++) {
      const growth = 1 + (nextDay - openedAt / DAY_MS) / 500;
      const busy = account.signups * growth * weekdayWeight(nextDay);
      const count = Math.floor(
        busy * between(0.6, 1.4, seed, nextDay, "signups") + chance(seed, nextDay, "extra"),
      );
      const times = Array.from({ length: count }, (_, i) =>
        Math.floor(chance(seed, nextDay, "time", i) * DAY_MS),
      );
      for (const time of times.sort((a, b) => a - b)) add(nextDay * DAY_MS + time);
    }
    return people.filter(({ createdAt }) => createdAt <= at);
  };
}

/** The last step at or before a time. */
export function stepAt(steps: Step[], at: number): Step | undefined {
  return steps.findLast((step) => step.at <= at);
}

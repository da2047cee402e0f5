/**
 * Stripe's lists: "Pagination" (newest first, `limit` 1 to 100, `starting_after`, `has_more`), filters by
 * creation, and "List subscriptions", which returns canceled ones only on request.
 * @module
 */
import type { Stage } from "../server/index.ts";
import type { VendorAnswer, VendorRequest } from "../server/routes.ts";
import { invalidRequest, missing } from "./errors.ts";
import { STRIPE_STREAMS, type StripeObject, type StripeStream } from "./objects.ts";

const FILTERS: Record<StripeStream | "events", string[]> = {
  customers: ["email"],
  products: ["active"],
  prices: ["active", "currency", "product", "type"],
  subscriptions: ["customer", "status", "price", "collection_method"],
  invoices: ["customer", "status", "collection_method"],
  charges: ["customer", "payment_intent"],
  events: ["type"],
};
const PAGING = ["limit", "starting_after", "ending_before"];
const CREATED = /^created(\[(gt|gte|lt|lte)\])?$/;

/** An object's name in its stream. */
export const singular = (stream: string) => stream.slice(0, -1);

function isCreatedIn(query: URLSearchParams, created: number): boolean {
  return [...query].every(([name, text]) => {
    const match = CREATED.exec(name);
    if (match === null) return true;
    const bound = Number(text);
    if (match[2] === "gt") return created > bound;
    if (match[2] === "gte") return created >= bound;
    if (match[2] === "lt") return created < bound;
    return match[2] === "lte" ? created <= bound : created === bound;
  });
}

function isAsked(stream: string, query: URLSearchParams, object: StripeObject): boolean {
  const status = query.get("status");
  if (stream === "subscriptions" && status === null && object.status === "canceled") return false;
  return [...query].every(([name, text]) => {
    if (!FILTERS[isListed(stream) ? stream : "events"].includes(name)) return true;
    if (name === "status" && text === "all") return true;
    return (
      String(object[name] ?? "") === text || (name === "type" && text.endsWith("*") && matches(object, text))
    );
  });
}

const matches = (object: StripeObject, pattern: string) =>
  String(object.type).startsWith(pattern.slice(0, -1));
/** Whether a word is a stream that can be listed. */
export const isListed = (stream: string): stream is StripeStream =>
  STRIPE_STREAMS.some((own) => own === stream);

/** The first error in a list's parameters, if there is one. */
function complaint(stream: StripeStream | "events", query: URLSearchParams): VendorAnswer | undefined {
  for (const [name, text] of query) {
    const isKnown =
      PAGING.includes(name) ||
      CREATED.test(name) ||
      FILTERS[stream].includes(name) ||
      /^(expand|types)\[/.test(name);
    if (!isKnown) {
      const more = { code: "parameter_unknown", param: name };
      return invalidRequest(400, `Received unknown parameter: ${name}`, more);
    }
    if (name !== "limit") continue;
    if (!/^-?\d+$/.test(text)) {
      const more = { code: "parameter_invalid_integer", param: "limit" };
      return invalidRequest(400, `Invalid integer: ${text}`, more);
    }
    if (Number(text) > 100)
      return invalidRequest(
        400,
        `This value must be less than or equal to 100 (it currently is '${text}').`,
        {
          param: "limit",
        },
      );
    if (Number(text) < 1)
      return invalidRequest(400, "This value must be greater than or equal to 1.", { param: "limit" });
  }
  return undefined;
}

/** Serves one stream's pages, modified by the faults. */
export function makePager({ faults }: Stage) {
  const lastPage = new Map<string, VendorAnswer>();
  return (stream: StripeStream | "events", request: VendorRequest, all: StripeObject[]): VendorAnswer => {
    const wrong = complaint(stream, request.query);
    if (wrong) return wrong;
    const { query, path } = request;
    const types = [...query].filter(([name]) => name.startsWith("types[")).map(([, text]) => text);
    const limit = Number(query.get("limit") ?? 10);
    const after = query.get("starting_after");
    const before = query.get("ending_before");
    const place = all.findIndex(({ id }) => id === (after ?? before));
    if ((after ?? before) !== null && place < 0)
      return missing(singular(stream), after ?? before ?? "", after ? "starting_after" : "ending_before");
    const side = after !== null ? all.slice(place + 1) : before !== null ? all.slice(0, place) : all;
    const chosen = side.filter(
      (object) =>
        isCreatedIn(query, object.created) &&
        isAsked(stream, query, object) &&
        (types.length === 0 || types.includes(String(object.type))),
    );
    const rest = after === null && before !== null ? chosen.slice(-limit) : chosen;

    const previous = lastPage.get(path);
    if (after !== null && previous && faults.take("repeat_page", path)) return previous;
    const from = after !== null && faults.take("skip_page", path) ? limit : 0;
    const cut = faults.take("truncate", path);
    const to = from + (cut ? Math.ceil(limit / 2) : limit);
    const data = rest.slice(from, to).map((object) => faults.shape(stream, object));
    const has_more = cut?.variant === "silent" ? false : rest.length > to;
    const answer = { body: { object: "list", data, has_more, url: path } };
    lastPage.set(path, answer);
    return answer;
  };
}

/**
 * Dataset `deals`: one row per deal of a CRM, in its current state.
 * @module
 */
import { byName, type Dataset } from "./dataset";
import { amounts, count, flag, metric, money, number, own, share, sum } from "./declare";
import { timeDimensions, utmDimensions } from "./dimensions";

/** Deals, counted at the moment they were opened. */
export const deals: Dataset = {
  name: "deals",
  label: "Deals",
  description:
    "Deals of the CRM in their current state, counted at the time they were opened. Amounts are in the project's currency.",
  lake: { levels: ["deals"], sums: [], time: "instant" },
  time: "created_at",
  dimensions: byName([
    ...timeDimensions,
    own("deals:pipeline", "pipeline", "Pipeline", "Pipeline of the deal."),
    own("deals:stage", "stage", "Stage", "Current stage of the deal."),
    flag("deals:is_won", "is_won", "Won", "Whether the deal is won: true or false."),
    flag("deals:is_closed", "is_closed", "Closed", "Whether the deal is won or lost: true or false."),
    own("deals:owner", "owner", "Owner", "Person responsible for the deal."),
    own("deals:currency", "currency", "Currency", "ISO 4217 code of the deal's currency."),
    own("deals:name", "name", "Deal", "Name of the deal."),
    own("deals:id", "deal_id", "Deal id", "The CRM's id of the deal."),
    own(
      "deals:contact_source",
      "contact_source",
      "Source",
      "Source of the deal's contact, as recorded in the CRM.",
    ),
    ...utmDimensions("with which the deal's contact first came"),
  ]),
  numbers: byName([
    number("deals:amount", "Amount", "Amount of the deal.", { unit: "currency", column: "amount" }),
    number("deals:open_ms", "Time to close", "Time between opening and closing; empty while it is open.", {
      unit: "ms",
      column: "closed_at",
      less: "created_at",
    }),
  ]),
  measures: {
    deals: { aggregate: { kind: "count" } },
    won: sum("is_won"),
    closed: sum("is_closed"),
    amount: amounts("amount"),
    won_amount: amounts("amount", "is_won"),
  },
  metrics: byName([
    metric("deals", "Deals", "Deals that were opened.", count("deals")),
    metric("won", "Won deals", "Deals opened in the range that are won now.", count("won")),
    metric("closed", "Closed deals", "Deals opened in the range that are won or lost now.", {
      ...count("closed"),
      good: null,
    }),
    metric(
      "amount",
      "Amount",
      "Amount of all deals, won or not, converted to the project's currency.",
      money({ measure: "amount" }, "up"),
    ),
    metric(
      "won_amount",
      "Won amount",
      "Amount of won deals, converted to the project's currency.",
      money({ measure: "won_amount" }, "up"),
    ),
    metric("win_rate", "Win rate", "Won deals as a share of closed ones.", share(["won", "closed"])),
    metric(
      "average_won",
      "Average won deal",
      "Won amount divided by won deals.",
      money({ ratio: ["won_amount", "won"] }, "up"),
    ),
  ]),
};

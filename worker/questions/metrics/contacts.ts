/**
 * Dataset `contacts`: one row per contact of a CRM, in its current state.
 * @module
 */
import { byName, type Dataset } from "./dataset";
import { count, flag, metric, number, own, share, sum } from "./declare";
import { timeDimensions, utmDimensions } from "./dimensions";

/** Contacts, counted at the time they were added. */
export const contacts: Dataset = {
  name: "contacts",
  label: "Contacts",
  description: "Contacts of the CRM in their current state, counted at the time they were added.",
  lake: { levels: ["contacts"], sums: [], time: "instant" },
  time: "created_at",
  dimensions: byName([
    ...timeDimensions,
    own(
      "contacts:lifecycle_stage",
      "lifecycle_stage",
      "Lifecycle stage",
      "Lifecycle stage of the contact in the CRM.",
    ),
    own("contacts:status", "status", "Lead status", "Lead status of the contact in the CRM."),
    own("contacts:source", "source", "Source", "Source of the contact, as recorded in the CRM."),
    own("contacts:country", "country", "Country", "Country of the contact."),
    own("contacts:company", "company", "Company", "Company of the contact."),
    own("contacts:owner", "owner", "Owner", "Person responsible for the contact."),
    flag(
      "contacts:is_customer",
      "is_customer",
      "Customer",
      "Whether the contact is a customer: true or false.",
    ),
    own("contacts:id", "contact_id", "Contact id", "The CRM's id of the contact."),
    ...utmDimensions("with which the contact first came"),
  ]),
  numbers: byName([
    number(
      "contacts:conversion_ms",
      "Time to customer",
      "Time from being added to becoming a customer; empty for contacts that are not customers.",
      { unit: "ms", column: "became_customer_at", less: "created_at" },
    ),
  ]),
  measures: { contacts: { aggregate: { kind: "count" } }, customers: sum("is_customer") },
  metrics: byName([
    metric("contacts", "Contacts", "Contacts that were added.", count("contacts")),
    metric("customers", "Customers", "Contacts added in the range that are customers now.", {
      ...count("customers"),
    }),
    metric(
      "customer_rate",
      "Customer rate",
      "Customers as a share of the contacts that were added.",
      share(["customers", "contacts"]),
    ),
  ]),
};

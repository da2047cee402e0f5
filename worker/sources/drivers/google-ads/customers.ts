/**
 * The customers that a connection can access, and the manager of each ("Call structure"): requests for a manager's client
 * have the manager's id in `login-customer-id`. Managers have no metrics of their own; their clients are listed by
 * `customer_client`, which returns the customer itself if it has no clients.
 */
import { z } from "zod";
import type { VendorAccount } from "../../../../schema/wire/source";
import { type DriverContext, SourceError } from "../../vendor/driver";
import { parseShape } from "../parse-answer";
import { type Asker, search } from "./requests";

const accessibleSchema = z.object({
  resourceNames: z.array(z.string().regex(/^customers\/\d+$/)).optional(),
});
const clientSchema = z.object({
  customerClient: z.object({
    id: z.union([z.string(), z.number()]).transform(String),
    descriptiveName: z.string().optional(),
    currencyCode: z.string().length(3),
    timeZone: z.string(),
    manager: z.boolean().optional(),
    status: z.string(),
  }),
});
const CLIENT_FIELDS = ["id", "descriptive_name", "currency_code", "time_zone", "manager", "status"].map(
  (name) => `customer_client.${name}`,
);

/** An account and the customer through which it is accessed. */
interface Reached {
  account: Omit<VendorAccount, "selected">;
  login: string;
}

/** All accounts with metrics, each once. @throws SourceError when there is none. */
export async function reachable(context: DriverContext): Promise<Reached[]> {
  const found = new Map<string, Reached>();
  let refusal: SourceError | undefined;
  for (const login of await logins(context)) {
    try {
      for (const account of await clientsOf(login, context))
        if (!found.has(account.id)) found.set(account.id, { account, login });
    } catch (error) {
      // Closed accounts are still listed as accessible, but requests for them are rejected.
      if (!(error instanceof SourceError && error.code === "forbidden")) throw error;
      refusal = error;
    }
  }
  if (found.size > 0) return [...found.values()];
  throw refusal ?? new SourceError("forbidden", "this login has access to no Google Ads account");
}

async function logins(context: DriverContext): Promise<string[]> {
  const { login_customer_id } = context.settings;
  if (typeof login_customer_id === "string" && login_customer_id !== "") return [login_customer_id];
  const { body } = await context.call({ path: `/${context.version}/customers:listAccessibleCustomers` });
  const { resourceNames = [] } = parseShape("customers", accessibleSchema, body);
  return resourceNames.map((name) => name.replace("customers/", ""));
}

async function clientsOf(login: string, context: DriverContext): Promise<Reached["account"][]> {
  const rows = await search(
    { customer: login, login, context },
    { select: CLIENT_FIELDS, from: "customer_client" },
  );
  return rows
    .map((row) => parseShape("customer_client", clientSchema, row).customerClient)
    .filter(({ manager, status }) => !manager && status === "ENABLED")
    .map(({ id, descriptiveName, currencyCode, timeZone }) => ({
      id,
      name: descriptiveName || id,
      currency: currencyCode,
      timezone: timeZone,
    }));
}

const known = new WeakMap<DriverContext, Promise<Reached[]>>();

/** The login customer of an account. Unless the settings name it, it is looked up once per session. */
export async function askerOf(customer: string, context: DriverContext): Promise<Asker> {
  const { login_customer_id } = context.settings;
  if (typeof login_customer_id === "string" && login_customer_id !== "")
    return { customer, login: login_customer_id, context };
  const finding = known.get(context) ?? reachable(context);
  known.set(context, finding);
  try {
    const own = (await finding).find(({ account }) => account.id === customer);
    if (own) return { customer, login: own.login, context };
  } catch (error) {
    known.delete(context);
    throw error;
  }
  throw new SourceError("forbidden", "the login no longer has access to the account");
}

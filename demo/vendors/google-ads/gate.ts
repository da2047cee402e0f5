/**
 * Checks of every call to the Google Ads API: version, token, access level, quota, customer.
 * After the vendor's pages "Deprecation and sunset", "Access levels and permissible use" and "Call structure".
 * @module
 */

import type { Stage } from "../server/index.ts";
import type { TokenDesk } from "../server/oauth.ts";
import { bearer, jsonBody, type VendorAnswer, type VendorRequest } from "../server/routes.ts";
import { failure, quotaFailure } from "./failure.ts";
import { type GaqlQuery, parseGaql } from "./gaql.ts";
import { runQuery } from "./run.ts";

/** The manager of all client accounts: the connected user reaches them only through it. */
export const MANAGER_ID = "4155550100";

const DAY_MS = 86_400_000;

/** Major versions and their sunset ("Deprecation and sunset"; months without a day end on the first). */
const VERSIONS: Record<string, string> = {
  v21: "2026-08-05",
  v22: "2026-10-07",
  v23: "2027-02-01",
  v24: "2027-05-01",
  v25: "2027-08-01",
  v26: "2027-11-01",
};

/** Operations a day by access level of the Cloud project ("Access levels and permissible use"). */
const OPERATIONS_A_DAY = { test: 15_000, explorer: 2_880, basic: 15_000, standard: Infinity };

/** Access level of a Cloud project ("Access levels and permissible use"). */
export type AccessLevel = keyof typeof OPERATIONS_A_DAY;

/** State of a running stand-in. */
export interface Setting {
  stage: Stage;
  desk: TokenDesk;
  level: AccessLevel;
  batchRows: number;
  /** Operations counted by UTC day. */
  operations: Map<string, number>;
  /** Id of the next response. */
  requestId(): string;
}

/** The major in the path. */
export const versionOf = (request: VendorRequest) => /^\/(v\d+)\//.exec(request.path)?.[1] ?? "v26";

/** Checks version, token, access level and quota. */
export function refused(setting: Setting, request: VendorRequest): VendorAnswer | undefined {
  const { stage, desk, level, operations, requestId } = setting;
  const version = versionOf(request);
  const ends = VERSIONS[version];
  if (ends === undefined)
    return { status: 404, headers: { "content-type": "text/html" }, body: "<title>404</title>" };
  if (Date.parse(ends) <= stage.now()) {
    const message = ` Version ${version} is deprecated. Requests to this version will be blocked.`;
    return failure(
      400,
      version,
      { errorCode: { requestError: "UNSUPPORTED_VERSION" }, message },
      requestId(),
    );
  }
  if (desk.check(bearer(request)) !== "valid") return failure(401, version);
  if (level === "test") {
    const errorCode = { authorizationError: "CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION" };
    const message = "The Google Cloud project is only approved for use with test accounts.";
    return failure(403, version, { errorCode, message }, requestId());
  }
  const day = new Date(stage.now()).toISOString().slice(0, 10);
  const used = (operations.get(day) ?? 0) + 1;
  operations.set(day, used);
  if (!stage.limits || used <= OPERATIONS_A_DAY[level]) return undefined;
  const left = DAY_MS - (stage.now() % DAY_MS);
  return quotaFailure(version, "RESOURCE_EXHAUSTED", `Number of operations for ${level} access`, left);
}

/** A query and its rows. */
export interface Found {
  query: GaqlQuery;
  rows: object[];
}

/** The requested rows, or the refusal. Clients of a manager need `login-customer-id`, digits only. */
export function rowsOf(setting: Setting, request: VendorRequest): VendorAnswer | Found {
  const { stage, requestId } = setting;
  const version = versionOf(request);
  const refuse = (status: number, errorCode: Record<string, string>, message: string) =>
    failure(status, version, { errorCode, message }, requestId());
  const customer = /customers\/([^/]+)\//.exec(request.path)?.[1] ?? "";
  const login = request.headers["login-customer-id"];
  if (login !== undefined && !/^\d+$/.test(login))
    return refuse(
      400,
      { headerError: "INVALID_LOGIN_CUSTOMER_ID" },
      "Login customer id cannot be parsed as a number.",
    );
  if (!/^\d+$/.test(customer))
    return refuse(400, { requestError: "INVALID_CUSTOMER_ID" }, `Invalid customer ID '${customer}'.`);
  const clients = stage.account.adAccounts.filter(({ platform }) => platform === "google_ads");
  const isManager = customer === MANAGER_ID;
  const accounts = isManager ? clients : clients.filter(({ id }) => id === customer);
  if (accounts.length === 0 || (login !== MANAGER_ID && !(isManager && login === undefined)))
    return refuse(
      403,
      { authorizationError: "USER_PERMISSION_DENIED" },
      "User doesn't have permission to access customer. Note: If you're accessing a client customer, the manager's customer id must be set in the 'login-customer-id' header. See https://developers.google.com/google-ads/api/docs/concepts/call-structure#cid",
    );
  const body = jsonBody(request);
  const text = typeof body === "object" && body !== null && "query" in body ? String(body.query) : "";
  const query = parseGaql(text);
  if ("queryError" in query) return refuse(400, { queryError: query.queryError }, query.message);
  const rows = runQuery(stage, accounts, query, isManager);
  return "queryError" in rows ? refuse(400, { queryError: rows.queryError }, rows.message) : { query, rows };
}

/** Whether the result is a refusal. */
export const isRefusal = (found: ReturnType<typeof rowsOf>): found is VendorAnswer => !("rows" in found);

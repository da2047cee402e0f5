/**
 * Answers single calls of the Marketing API: nodes, edges, insights and report runs.
 * After the vendor's pages "Graph API overview", "Ad Account" (its edges) and "Insights API".
 * @module
 */

import type { Stage } from "../server/index.ts";
import type { TokenDesk } from "../server/oauth.ts";
import type { VendorAnswer, VendorRequest } from "../server/routes.ts";
import { badParameter, graphError } from "./errors.ts";
import { insightRows, questionOf } from "./insights.ts";
import { EDGES, isHidden, isRefused, type Node, nodesOf, pickNode } from "./objects.ts";
import { fieldsOf, page, parametersOf, statusFilter } from "./parameters.ts";
import type { Reports } from "./reports.ts";
import type { Usage, UseCase } from "./usage.ts";

/** The newest version, served when a path names none. */
export const LATEST = "v26.0";

/** State of a running stand-in. */
export interface Setting {
  stage: Stage;
  desk: TokenDesk;
  usage: Usage;
  reports: Reports;
  maxRows: number;
}

/** A call without its version: `act_1/campaigns` has the parts `act_1` and `campaigns`. */
export interface Call {
  method: string;
  version: string;
  parts: string[];
  parameters: URLSearchParams;
  /** The whole URL before `?`, for `next`. */
  url: string;
  path: string;
}

/** Parses a request. */
export function callOf({ stage }: Setting, request: VendorRequest): Call {
  const [, version = LATEST, rest = ""] = /^\/?(v\d+\.\d+)?\/?(.*)$/.exec(request.path) ?? [];
  const parts = rest.split("/").filter(Boolean);
  const url = `${stage.url()}/${[version, ...parts].join("/")}`;
  return {
    method: request.method,
    version,
    parts,
    parameters: parametersOf(request),
    url,
    path: request.path,
  };
}

/** The use case that a call counts toward. */
export const useCaseOf = ({ reports }: Setting, { parts: [first = "", edge] }: Call): UseCase =>
  edge === "insights" || reports.has(first) ? "ads_insights" : "ads_management";

const unsupported = (id: string): VendorAnswer =>
  graphError({
    code: 100,
    subcode: 33,
    type: "GraphMethodException",
    message: `Unsupported get request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api`,
  });

function nodeOf(stage: Stage, id: string): Node | undefined {
  const accounts = stage.account.adAccounts.filter(({ platform }) => platform === "meta_ads");
  const found = accounts.find((account) => id === `act_${account.id}`);
  if (found) return { account: found };
  const own = ({ campaign, group, ad }: Node) => (ad ?? group ?? campaign)?.id;
  return accounts
    .flatMap((account) => Object.values(EDGES).flatMap((level) => nodesOf(account, level)))
    .find((node) => own(node) === id);
}

/** An edge's objects; deleted and archived ones only if a filter names their status. */
function edge({ stage }: Setting, node: Node, name: string, call: Call): VendorAnswer {
  const level = EDGES[name] ?? "ad";
  const wanted = statusFilter(call.parameters, level);
  const inside = nodesOf(node.account, level).filter(
    ({ campaign, group }) =>
      (node.campaign?.id ?? campaign?.id) === campaign?.id && (node.group?.id ?? group?.id) === group?.id,
  );
  const fields = fieldsOf(call.parameters);
  const rows: object[] = [];
  for (const child of inside.filter((object) => !isHidden(stage, object, wanted))) {
    const picked = pickNode(stage, child, fields);
    if (isRefused(picked)) return picked;
    rows.push(stage.faults.shape(name, picked));
  }
  return page(rows, call.parameters, call.url, (fault) => stage.faults.take(fault, call.path) !== undefined);
}

function insights(setting: Setting, node: Node, call: Call, willFail: boolean): VendorAnswer {
  const { stage, reports, maxRows } = setting;
  const question = questionOf(stage, node, call.parameters);
  if (!("level" in question)) return question;
  if (call.method === "POST") return reports.begin(node, question, willFail);
  return insightPage(setting, insightRows(stage, node, question), call, maxRows);
}

function insightPage({ stage }: Setting, rows: object[], call: Call, maxRows: number): VendorAnswer {
  if (rows.length > maxRows)
    return badParameter(
      "Please reduce the amount of data you're asking for, then retry your request",
      1487534,
    );
  return page(rows, call.parameters, call.url, (fault) => stage.faults.take(fault, call.path) !== undefined);
}

/** Answers a call with a valid token and version. */
export function answer(setting: Setting, call: Call, willFail = false): VendorAnswer {
  const { stage, reports } = setting;
  const [first = "", name] = call.parts;
  if (first === "me" && name === "adaccounts") {
    const accounts = stage.account.adAccounts.filter(({ platform }) => platform === "meta_ads");
    const rows = accounts.map((account) => pickNode(stage, { account }, fieldsOf(call.parameters)));
    return rows.find(isRefused) ?? page(rows, call.parameters, call.url, () => false);
  }
  if (reports.has(first)) {
    if (name !== "insights") return reports.poll(first);
    const rows = reports.rows(first);
    return Array.isArray(rows) ? insightPage(setting, rows, call, setting.maxRows) : rows;
  }
  const node = nodeOf(stage, first);
  if (node === undefined) return unsupported(first);
  if (name === "insights") return insights(setting, node, call, willFail);
  if (name !== undefined) return name in EDGES ? edge(setting, node, name, call) : unsupported(first);
  const picked = pickNode(stage, node, fieldsOf(call.parameters));
  return isRefused(picked) ? picked : { body: picked };
}

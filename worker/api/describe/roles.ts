/**
 * The table of roles and routes, computed from the rules that the router enforces.
 * @module
 */
import { html } from "hono/html";
import { ROLES } from "../../../schema/wire/organization";
import { atLeast } from "../../tenancy/accounts";
import { type Access, isUnnamed } from "../auth";
import type { OpenApi } from "./document";

/** `nobody`: without credentials. `non_member`: has an account but is not a member of the organization. */
export const WHO = ["nobody", "non_member", ...ROLES] as const;
type Who = (typeof WHO)[number];

/** Whether a rule admits `who`. */
export function admits(access: Access, who: Who): boolean {
  if (access === "operator") return false;
  if (isUnnamed(access)) return true;
  if (who === "nobody") return false;
  if (access === "account" || access.role === undefined) return true;
  return who !== "non_member" && atLeast(who, access.role);
}

/** The credential that a rule requires. */
function requiredCredential(access: Access): string {
  if (access === "anyone") return "";
  if (access === "write-key") return "write key";
  if (access === "link") return "the link";
  if (access === "signature") return "signature";
  if (access === "operator") return "operator's token";
  return access === "account" || access.scope === "session" ? "session" : access.scope;
}

/** The table as HTML, one row per route; preflights are left out, as elsewhere on the page. */
export function roleTable(document: OpenApi) {
  const rows = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, access: operation["x-access"] })),
  );
  return html`<section id="roles">
    <h2>Who may call what</h2>
    <p>
      Roles are held in an organization and reach its projects; each may do what those before it may. A non-member has an
      account but does not belong to the organization, and gets <code>not_found</code>; a role that is not enough,
      <code>insufficient_role</code>. "Proof" is the scope that a personal token needs; where it says session, tokens are
      refused. A signed-in account needs no scope. The socket is opened for anybody, so that a browser learns why it is
      closed again, and stays open for the project's viewers.
    </p>
    <div class="wide" tabindex="0" role="region" aria-label="Who may call what">
      <table>
        <thead>
          <tr>
            <th scope="col">Route</th>
            <th scope="col">Proof</th>
            ${WHO.map((who) => html`<th scope="col">${who}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.filter(({ method }) => method !== "options").map(row)}
        </tbody>
      </table>
    </div>
  </section>`;
}

function row({ method, path, access }: { method: string; path: string; access: Access }) {
  return html`<tr>
    <th scope="row"><code>${method.toUpperCase()} ${path.replace("/api/v1", "")}</code></th>
    <td>${requiredCredential(access)}</td>
    ${WHO.map((who) => html`<td>${admits(access, who) ? "yes" : html`<span class="soft">no</span>`}</td>`)}
  </tr>`;
}

/**
 * The OpenAPI document as a page: one HTML response without scripts or external requests.
 * @module
 */
import { html, raw } from "hono/html";
import { PROBLEMS } from "../../../schema/wire/error";
import type { Access } from "../auth";
import type { OpenApi, Operation } from "./document";
import { exampleOf } from "./example";
import { fieldTable } from "./fields";
import { roleTable } from "./roles";
import { STYLE } from "./style";

type Html = ReturnType<typeof html>;
interface Entry {
  method: string;
  path: string;
  operation: Operation;
}

/** The page. `origin` is used in the examples. */
export function page(document: OpenApi, origin: string): Html {
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  // Preflights are sent by browsers, not by callers.
  const entries = all.filter((entry) => entry.method !== "OPTIONS");
  const groups = Map.groupBy(entries, (entry) => entry.operation.tags[0] ?? "Other");
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${document.info.title}</title>
        <style>
          ${raw(STYLE)}
        </style>
      </head>
      <body>
        <nav aria-label="Routes">
          ${[...groups].map(([tag, list]) => html`<b>${tag}</b>${list.map(link)}`)}
          <b>Reference</b><a href="#roles">Who may call what</a><a href="#problems">Problems</a><a href="/api/v1/openapi.json">openapi.json</a>
        </nav>
        <main>
          <h1>${document.info.title}</h1>
          <p>
            JSON in <code>snake_case</code>, times in epoch milliseconds UTC, lists as <code>{data, next_cursor}</code>.
            Programs send <code>Authorization: Bearer</code> with an access token or a personal token.
          </p>
          ${[...groups].map(
            ([tag, list]) =>
              html`<section>
                <h2>${tag}</h2>
                ${list.map((entry) => article(entry, origin))}
              </section>`,
          )}
          ${roleTable(document)} ${problems()}
        </main>
      </body>
    </html>`;
}

function anchor({ method, path }: Entry): string {
  return `${method}-${path.replaceAll(/[^a-z0-9]+/g, "-")}`;
}

function link(entry: Entry): Html {
  const path = entry.path.replace("/api/v1", "");
  return html`<a href="#${anchor(entry)}"><small>${entry.method}</small> ${path}</a>`;
}

function article(entry: Entry, origin: string): Html {
  const { operation, method, path } = entry;
  const answer = Object.entries(operation.responses).find(([status]) => status !== "default");
  const example = answer && sample(answer[1].content);
  return html`<article id="${anchor(entry)}">
    <h3><span class="method">${method}</span> <code>${path}</code></h3>
    <p>${operation.summary}. <span class="soft">${operation.description ?? ""}</span></p>
    <p class="who">${describeAccess(operation["x-access"])}</p>
    ${fieldTable(operation)}
    <pre tabindex="0">${request(entry, origin)}</pre>
    ${answer ? html`<p><b>${answer[0]}</b> ${answer[1].description}</p>` : ""}
    ${example === undefined ? "" : html`<pre tabindex="0">${show(example)}</pre>`}
  </article>`;
}

/** Describes who may call. */
function describeAccess(access: Access): string {
  if (access === "anyone") return "Anyone.";
  if (access === "write-key") return "Requires the project's write key.";
  if (access === "link") return "Requires the link: its token is in the path.";
  if (access === "signature") return "Requires a signature with the source's secret.";
  if (access === "operator")
    return "For the operator of the deployment: the bearer token is its OPERATOR_TOKEN.";
  if (access === "account") return "A signed-in account: session cookie or access token.";
  const token = access.scope === "session" ? "" : `, or a personal token with the scope ${access.scope}`;
  const role = access.role ? `, ${access.role} or above in the organization` : "";
  return `A signed-in account${token}${role}.`;
}

function request({ method, path, operation }: Entry, origin: string): string {
  const filled = path.replaceAll(/{(\w+)}/g, (_, name) => String(exampleOf({ type: "string" }, name)));
  const lines = [`curl${method === "GET" ? "" : ` -X ${method}`} ${origin}${filled}`];
  const [first = {}] = operation.security.slice(-1);
  if ("write_key" in first) lines.push("-H 'X-API-Key: proj_…'");
  else if (operation.security.length) lines.push("-H 'Authorization: Bearer …'");
  const body = operation.requestBody && sample(operation.requestBody.content);
  if (body !== undefined) lines.push("-H 'Content-Type: application/json'", `-d '${show(body)}'`);
  return lines.join(" \\\n  ");
}

function sample(content: Record<string, { example?: unknown }> = {}): unknown {
  return Object.values(content)[0]?.example;
}

function show(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

function problems(): Html {
  return html`<section id="problems">
    <h2>Problems</h2>
    <p>
      Every refusal is <code>application/problem+json</code>:
      <code>{type, title, status, detail, code, errors: [{path, code, message}]}</code>.
    </p>
    <table>
      <thead>
        <tr>
          <th>Code</th>
          <th>Status</th>
          <th>Meaning</th>
        </tr>
      </thead>
      <tbody>
        ${Object.entries(PROBLEMS).map(
          ([code, [status, title]]) =>
            html`<tr id="${code}">
              <td><code>${code}</code></td>
              <td>${status}</td>
              <td>${title}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

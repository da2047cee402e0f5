/**
 * The origin allow-list of a project.
 * @module
 */

/**
 * Whether a page at `origin` may send events to a project with this `domain` list. A listed host also allows its `www.`
 * variant and, without a port, every port; `*.example.com` allows every host below example.com. An empty list allows all. A
 * request without an Origin header (null) does not come from another site's page and is allowed: clients other than browsers
 * can send any header, so rejecting it would protect nothing. The opaque origin `"null"` is rejected.
 */
export function originAllowed(domain: string | null, origin: string | null): boolean {
  if (!domain?.trim() || origin === null) return true;
  const host = hostOf(origin);
  if (!host) return false;
  return domain.split(",").some((entry) => admits(entry.trim().toLowerCase(), host));
}

interface Host {
  name: string;
  port: string;
}

function hostOf(origin: string): Host | null {
  if (!URL.canParse(origin)) return null;
  const { hostname, port, protocol } = new URL(origin);
  if (!hostname) return null;
  return {
    name: hostname,
    port: port || (protocol === "https:" ? "443" : "80"),
  };
}

function admits(entry: string, host: Host): boolean {
  const [name = "", port] = entry.split(":");
  if (port !== undefined && port !== host.port) return false;
  if (name.startsWith("*.")) return host.name.endsWith(name.slice(1));
  return name !== "" && (host.name === name || host.name === `www.${name}`);
}

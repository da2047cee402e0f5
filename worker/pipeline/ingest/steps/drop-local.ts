/**
 * Local development.
 * @module
 */
import type { DropReason } from "../../../../schema/wire/row";
import type { Draft } from "../draft";

/** Drops pages on localhost, private addresses and files, once the project has a domain and does not list them. */
export function dropLocal({ project, body }: Draft): DropReason | undefined {
  if (project.domain === null || body.page_url === null) return undefined;
  const local = body.hostname === null ? body.page_url.startsWith("file:") : isLocalHost(body.hostname);
  return local && !isListed(project.domain, body.hostname ?? "") ? "local" : undefined;
}

/** RFC 6761 and 6762 names, and the private ranges of RFC 1918, 3927 and 4193. */
const LOCAL_NAME = /(^|\.)(localhost|local|internal|test)$/;
const PRIVATE_V4 = /^(127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|0\.0\.0\.0$)/;
const PRIVATE_V6 = /^\[(::1|f[cd][0-9a-f]{2}:.*|fe[89ab][0-9a-f]:.*)\]$/;

function isLocalHost(host: string): boolean {
  return LOCAL_NAME.test(host) || PRIVATE_V4.test(host) || PRIVATE_V6.test(host);
}

function isListed(domain: string, host: string): boolean {
  return domain.split(",").some((entry) => entry.trim().toLowerCase().replace(/:\d+$/, "") === host);
}

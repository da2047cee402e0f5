/**
 * The visit's source, by its display name.
 * @module
 */
import type { Draft } from "../draft";
import { MAX_TAG } from "../limits";
import { sourceOfHost, sourceOfTag } from "../tables/sources";

/**
 * Fills `source`: the link's tag (`utm_source`, `ref`, `source`) before a click id before the referrer.
 * A referrer on the page's own host is the site itself and names no source.
 */
export function putSource({ body, marks }: Draft): undefined {
  if (marks.tag !== null) {
    marks.known = sourceOfTag(marks.tag) ?? null;
    body.source = marks.known?.name ?? marks.tag;
    return;
  }
  if (marks.click) {
    marks.known = sourceOfTag(marks.click.source) ?? null;
    body.source = marks.known?.name ?? null;
    return;
  }
  const host = marks.referrer_host === null ? null : bare(marks.referrer_host);
  if (host === null || (body.hostname !== null && host === bare(body.hostname))) return;
  marks.known = sourceOfHost(host) ?? null;
  body.source = (marks.known?.name ?? host).slice(0, MAX_TAG);
}

function bare(host: string): string {
  return host.replace(/^www\./, "");
}

/**
 * Helpers of public links: URL, embed code, expiry and hosts.
 * @module
 */
import { DAY_MS } from "../../ui/clock";

/** Expiry options; values are numbers of days. */
export const EXPIRIES = [
  { value: "", label: "Never" },
  { value: "1", label: "In a day" },
  { value: "7", label: "In a week" },
  { value: "30", label: "In 30 days" },
  { value: "90", label: "In 90 days" },
  { value: "365", label: "In a year" },
] as const;

/** Returns the expiry as epoch ms; null for never. */
export function expiryOf(days: string, now: number): number | null {
  const count = Number(days);
  return days === "" || !Number.isFinite(count) ? null : now + count * DAY_MS;
}

/** Parses hosts separated by spaces, commas or lines; paths are ignored. */
export function hostsOf(text: string): string[] {
  const hosts = text.split(/[\s,;]+/).flatMap((part) => part.match(/^((?:https?:\/\/)?[^/]+)/i)?.[1] ?? []);
  return [...new Set(hosts)];
}

/** Returns the URL of a link. */
export function addressOf(origin: string, token: string): string {
  return `${origin}/share/${encodeURIComponent(token)}`;
}

const ESCAPES: Record<string, string> = { "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" };

/** Returns the embed code; the title is for screen readers. */
export function snippetOf(address: string, title: string): string {
  const escaped = title.replace(/[&"<>]/g, (character) => ESCAPES[character] ?? character);
  return `<iframe src="${address}" title="${escaped}" width="100%" height="720" style="border: 0" loading="lazy"></iframe>`;
}

/**
 * Sets frame-ancestors: every page forbids framing; a public link allows its own hosts.
 * @module
 */
import { getRequestEvent, isServer } from "solid-js/web";

const POLICY = "Content-Security-Policy";
/** Same pattern as the wire schema; validated again because the value becomes part of a header. */
const SOURCE = /^(https?:\/\/)?(\*\.)?[a-z0-9.-]+(:\d+)?$/i;

/** Returns the policy that lets `hosts` embed the page; unchanged without hosts. */
export function framedBy(policy: string, hosts: readonly string[]): string {
  const sources = hosts.filter((host) => SOURCE.test(host));
  if (sources.length === 0) return policy;
  return policy.replace(/frame-ancestors [^;]*/, `frame-ancestors ${sources.join(" ")}`);
}

/** Lets `hosts` embed the page being rendered. Server only. */
export function allowFraming(hosts: readonly string[]): void {
  if (!isServer) return;
  const headers = getRequestEvent()?.response.headers;
  const policy = headers?.get(POLICY);
  if (headers && policy) headers.set(POLICY, framedBy(policy, hosts));
}

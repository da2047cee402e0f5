/**
 * Which pages may show ours inside them. Every page refuses all of them; a public link names its own.
 * @module
 */
import { getRequestEvent, isServer } from "solid-js/web";

const POLICY = "Content-Security-Policy";
/** What the wire lets through; said again here, as this is where it becomes part of a header. */
const SOURCE = /^(https?:\/\/)?(\*\.)?[a-z0-9.-]+(:\d+)?$/i;

/** A policy that lets `hosts` embed the page; unchanged without any. */
export function framedBy(policy: string, hosts: readonly string[]): string {
  const sources = hosts.filter((host) => SOURCE.test(host));
  if (sources.length === 0) return policy;
  return policy.replace(/frame-ancestors [^;]*/, `frame-ancestors ${sources.join(" ")}`);
}

/** Lets `hosts` embed the page that is being rendered. In the browser it is too late for that. */
export function allowFraming(hosts: readonly string[]): void {
  if (!isServer) return;
  const headers = getRequestEvent()?.response.headers;
  const policy = headers?.get(POLICY);
  if (headers && policy) headers.set(POLICY, framedBy(policy, hosts));
}

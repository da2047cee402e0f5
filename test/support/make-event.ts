/**
 * Raw events, senders and projects with defaults, so that a test states only the relevant fields.
 * @module
 */
import type { RawEvent } from "../../schema/wire/event";
import { DEFAULT_SETTINGS, type ProjectConfig, type ProjectSettings } from "../../schema/wire/project";
import { NO_SENDER, type Sender } from "../../worker/pipeline/ingest";
import { createProject } from "../../worker/tenancy/projects";

/** A page view as the SDK would send it. */
export function makeEvent(given: Partial<Record<keyof RawEvent, unknown>> = {}): Record<string, unknown> {
  return { event: "page_view", page_url: "https://shop.example/pricing", session_id: "session-1", ...given };
}

/** A person's browser in France. */
export function makeSender(given: Partial<Sender> = {}): Sender {
  return {
    ...NO_SENDER,
    ip: "203.0.113.7",
    user_agent:
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    accept_language: "fr-FR,fr;q=0.9",
    country: "FR",
    region: "Brittany",
    city: "Rennes",
    asn: 3215,
    network: "Orange",
    page: true,
    ...given,
  };
}

/** A project that exists only as configuration. */
export function makeProject(
  given: Partial<Omit<ProjectConfig, "settings">> & { settings?: Partial<ProjectSettings> } = {},
): ProjectConfig {
  const settings = { ...DEFAULT_SETTINGS, ...given.settings };
  return { id: "p1", timezone: "UTC", domain: null, ...given, settings };
}

/** Stores a project with its own organization. Returns the project with its `api_key`. */
export async function storeProject(env: Env, given: { domain?: string; timezone?: string } = {}) {
  const organization = crypto.randomUUID();
  await env.CONTROL.prepare("INSERT INTO organizations (id, name, slug, created_at) VALUES (?1, ?1, ?1, 0)")
    .bind(organization)
    .run();
  const wanted = { name: "Test", domain: given.domain, timezone: given.timezone ?? "UTC" };
  return (await createProject(env, organization, wanted, Date.now()))!;
}

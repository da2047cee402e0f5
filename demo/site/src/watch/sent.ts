/**
 * Observes the tracker's requests and the server's responses.
 * @module
 */
import { note, type Stage } from "./ledger.ts";

interface SentEvent {
  event: string;
  timestamp: number;
  page_url?: string;
  properties?: Record<string, unknown>;
}

/** Observes requests to the ingest path. Must run before the tracker. */
export function watchSent(): void {
  const real = window.fetch;
  window.fetch = async (...args) => {
    const [input, init] = args;
    if (!String(input).includes("/events/ingest") || typeof init?.body !== "string")
      return await real(...args);
    const { events } = JSON.parse(init.body) as { events: SentEvent[] };
    const tell = (stage: Stage) => {
      for (const { event, timestamp, page_url, properties = null } of events) {
        note({
          name: event,
          at: timestamp,
          path: URL.parse(page_url ?? "")?.pathname ?? null,
          properties,
          stage,
        });
      }
    };
    tell("sent");
    const response = await real(...args);
    tell(response.ok ? "taken" : "refused");
    return response;
  };
}

/**
 * The tracking snippet, and a command to send a test event.
 * @module
 */

/** The script tag for a project's key, loading the tracker from `origin`. */
export function snippet(origin: string, key: string): string {
  return `<script async src="${origin}/sdk/tracker.min.js" data-project="${key}"></script>`;
}

/** A command that sends one event, for testing without a page. */
export function curl(origin: string, key: string): string {
  return [
    `curl ${origin}/api/v1/events/ingest \\`,
    `  -H 'X-API-Key: ${key}' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '{"events":[{"event":"hello","properties":{"from":"curl"}}]}'`,
  ].join("\n");
}

/**
 * Traffic as the queue carries it: made by the demo's generator, through the real pipeline.
 * @module
 */
import { kindOf, type TrafficEvent } from "../../../demo/traffic/index.ts";
import type { Message } from "../../../schema/wire/message.ts";
import { accept, importContext } from "../../../worker/pipeline/ingest";
import { readSettings } from "../../../worker/tenancy/projects/settings";

const SECRET = "bench";
const ZONE = "UTC";

/** Makes messages of one or many sites, each of `size` events of one of them. */
export class Messages {
  readonly #waiting = new Map<string, TrafficEvent[]>();
  #made = 0;
  /** Events by what they count as. */
  readonly counts = { event: 0, engagement: 0, bot: 0 };

  constructor(
    readonly projects: readonly string[],
    readonly size: number,
  ) {}

  /** Takes an event; answers the messages that it completes: more than one when they are long. */
  add(event: TrafficEvent): Message[] {
    this.counts[kindOf(event)]++;
    const project = this.projects[spread(event.session_id ?? event.page_url ?? "") % this.projects.length]!;
    const waiting = this.#waiting.get(project);
    if (!waiting) {
      this.#waiting.set(project, [event]);
      return this.size === 1 ? this.#take(project) : [];
    }
    waiting.push(event);
    return waiting.length === this.size ? this.#take(project) : [];
  }

  /** What waits for its message to be full. */
  *rest(): Iterable<Message> {
    for (const project of [...this.#waiting.keys()]) yield* this.#take(project);
  }

  #take(project: string): Message[] {
    const events = this.#waiting.get(project) ?? [];
    this.#waiting.delete(project);
    const { messages } = accept({
      events,
      key: `bench-${this.#made++}`,
      sender: null,
      contextOf: contextOf(project),
      project: { id: project, domain: null, timezone: ZONE, settings: readSettings("{}") },
      now: events.at(-1)?.timestamp ?? 0,
    });
    return messages;
  }
}

/** Kept for a while, as the salts are: making one hashes the secret. */
let contexts = new Map<string, ReturnType<typeof importContext>>();
let used = 0;
function contextOf(project: string): ReturnType<typeof importContext> {
  if (used++ % 2000 === 0) contexts = new Map();
  let found = contexts.get(project);
  if (!found) {
    found = importContext(SECRET, project, ZONE);
    contexts.set(project, found);
  }
  return found;
}

/** FNV-1a: the same session always goes to the same site. */
function spread(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}

/**
 * A request's events → messages for the queue, and the response. No I/O: all inputs are arguments.
 * @module
 */
import type { IngestAnswer, RawEvent } from "../../../schema/wire/event";
import { MESSAGE_VERSION, type Message } from "../../../schema/wire/message";
import type { ProjectConfig } from "../../../schema/wire/project";
import type { Context, DropReason } from "../../../schema/wire/row";
import { partsOf } from "./chunk";
import { draftOf } from "./draft";
import { hash132 } from "./hash";
import { type ContextOf, statedSender } from "./identity";
import { importKeyOf, type RequestKey } from "./key";
import { isRejection, type ParsedEvent, parseEvent } from "./parse";
import { run } from "./pipeline";
import type { Sender } from "./sender";

/** The events of a request, their sender and their project. */
export interface AcceptRequest {
  /** Raw events of the body, unchecked. */
  events: unknown[];
  /** Idempotency key of the request, from `requestKeyOf`. */
  key: RequestKey;
  /** Null for an import, whose events state their own context and may have any past time. */
  sender: Sender | null;
  contextOf: ContextOf;
  project: ProjectConfig;
  /** Epoch ms of receipt. */
  now: number;
}

/** The result. */
export interface Accepted {
  /** To be sent to the queue before the response. Empty when there is nothing to store or count. */
  messages: Message[];
  answer: IngestAnswer;
  /** Events of `messages` excluded from the statistics, by reason. */
  dropped: Partial<Record<DropReason, number>>;
}

/** Runs every event through the pipeline and packs the results into messages. */
export function accept(request: AcceptRequest): Accepted {
  const { events, project } = request;
  const key = spacedKeyOf(request);
  const parsed = events.map((raw, index) => parseEvent(raw, index, request.sender === null));
  const rejected = parsed.filter((result) => isRejection(result));
  const optedOut = request.sender !== null && hasOptedOut(request.sender, project);
  const parts = partsOf(parsed.map((result) => (isRejection(result) ? 0 : result.bytes)));
  const packer = new Packer(`${project.id}/${key}`, request);
  const ids = hash132("event", project.id, key);
  if (!optedOut) {
    for (const [index, result] of parsed.entries()) {
      if (!isRejection(result))
        packer.add(parts[index] ?? 0, result.event, enrich(result, `${ids}-${index}`, request));
    }
  }
  const accepted = optedOut ? 0 : events.length - rejected.length;
  const refused = { invalid: rejected.length, opt_out: optedOut ? events.length - rejected.length : 0 };
  const messages = packer.finish(refused);
  return { messages, answer: { accepted, rejected }, dropped: packer.dropped };
}

/** The request's key in the key space of its kind of sender. */
export function spacedKeyOf({ key, sender }: Pick<AcceptRequest, "key" | "sender">): string {
  return sender === null ? importKeyOf(key.key) : key.key;
}

/** A message without events that counts requests refused as a whole, e.g. for their origin. */
export function refusalMessage(
  project: string,
  reason: DropReason,
  count: number,
  key: string,
  now: number,
): Message {
  return { ...emptyMessage(`${project}/refused-${key}/0`, project, now), refused: { [reason]: count } };
}

function emptyMessage(key: string, project_id: string, now: number): Message {
  return {
    version: MESSAGE_VERSION,
    key,
    project_id,
    content: null,
    own_ids: false,
    sender: null,
    received_at: now,
    contexts: [],
    events: [],
    refused: {},
  };
}

/** Global Privacy Control and Do Not Track, as far as the project honors them. */
function hasOptedOut(sender: Sender, { settings }: ProjectConfig): boolean {
  return (settings.honor_gpc && sender.gpc) || (settings.honor_dnt && sender.dnt);
}

/** Runs the steps over a parsed event. */
function enrich(parsed: ParsedEvent, fallbackId: string, request: AcceptRequest): Message["events"][number] {
  const draft = draftOf({
    raw: parsed.event,
    properties: parsed.properties,
    stated_at: parsed.stated_at,
    fallback_id: fallbackId,
    sender: request.sender ?? statedSender(parsed.event.context),
    project: request.project,
    received_at: request.now,
    past: request.sender === null,
  });
  const reason = run(draft);
  return { ...draft.body, context: 0, drop_reason: reason };
}

/** Fills messages part by part. */
class Packer {
  readonly #parts = new Map<number, Message>();
  readonly #contexts = new Map<Message, Map<Context, number>>();
  readonly dropped: Partial<Record<DropReason, number>> = {};

  constructor(
    readonly key: string,
    readonly request: AcceptRequest,
  ) {}

  add(part: number, raw: RawEvent, event: Message["events"][number]): void {
    const message = this.#part(part);
    const context = this.request.contextOf(raw, event.timestamp, event.event_id);
    message.own_ids ||= raw.event_id !== undefined;
    message.events.push({ ...event, context: this.#contextIn(message, context) });
    const reason = event.drop_reason;
    if (reason) this.dropped[reason] = (this.dropped[reason] ?? 0) + 1;
  }

  /** Part 0 carries the counts; it is created for them when there are no events. */
  finish(refused: Partial<Record<DropReason, number>>): Message[] {
    const counted = Object.entries(refused).filter(([, count]) => count > 0);
    if (counted.length > 0) this.#part(0).refused = Object.fromEntries(counted);
    return [...this.#parts.keys()].sort((a, b) => a - b).map((part) => this.#part(part));
  }

  #part(part: number): Message {
    let message = this.#parts.get(part);
    if (!message) {
      const { project, now, key, sender } = this.request;
      const empty = emptyMessage(`${this.key}/${part}`, project.id, now);
      message = { ...empty, content: key.content, sender: sender === null ? "token" : null };
      this.#parts.set(part, message);
    }
    return message;
  }

  /** Index of a context in a message's own list; equal contexts are one object (see identity.ts). */
  #contextIn(message: Message, context: Context): number {
    let known = this.#contexts.get(message);
    if (!known) {
      known = new Map();
      this.#contexts.set(message, known);
    }
    let index = known.get(context);
    if (index === undefined) {
      index = message.contexts.push(context) - 1;
      known.set(context, index);
    }
    return index;
  }
}

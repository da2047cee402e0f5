/**
 * The Room: one Durable Object per project, where people watch its events. Sockets hibernate; what must survive that is
 * stored in their attachments, the rest is read again from the lake.
 * @module
 */
import { DurableObject } from "cloudflare:workers";
import type { Frame } from "../../../schema/wire/live";
import { logError } from "../../lib/log";
import { SECOND_MS } from "../../lib/time";
import { type ShardBindings, storesOf } from "../../tenancy/projects";
import { Feed } from "./feed";
import type { NotifyFrame } from "./notify";
import { Presence, readAt } from "./presence";
import type { Push } from "./publish";
import { Rates } from "./rates";
import { readRecent } from "./recent";
import { sampleRateFor } from "./sample";
import { unwatch, watch } from "./store";
import { type Expelled, Subscribers, TRY_LATER, type Watcher } from "./subscribers";
import { issueTicket, redeemTicket } from "./tickets";

interface RoomEnv extends ShardBindings {
  LAKE: R2Bucket;
  /** Sockets a project may have. */
  ROOM_SOCKETS: string;
}

/** Names the project to the room; only the product's own routes can reach it. */
export const PROJECT_HEADER = "x-room-project";
/** The socket's owner: a `Watcher` as JSON, percent-encoded because headers are bytes. */
export const WATCHER_HEADER = "x-room-watcher";

/** Shortest time between frames of events: 1,000 sockets get four sends a second each, not thirty. */
const FRAME_MS = 250;
const STATS_MS = SECOND_MS;
/** After this long without an event the rate is 0 and the room may hibernate. */
const CALM_MS = 6 * SECOND_MS;
/** Without traffic, numbers are computed again and the watch is renewed this often. */
const IDLE_MS = 30 * SECOND_MS;
const WATCH_MS = 3 * IDLE_MS;

/** The subscribers of one project. */
export class Room extends DurableObject<RoomEnv> {
  readonly #feed = new Feed();
  readonly #rates = new Rates();
  readonly #subscribers = new Subscribers(this.ctx);
  readonly #presence = new Presence(this.#subscribers);
  #recentLoad: Promise<void> | undefined;
  #keep = 1;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #framesAt = 0;
  #statsAt = 0;
  #renewedAt = 0;
  #activeAt = 0;
  #statsText = "";
  #isSampled = false;

  /** Opens a socket for a caller that the route has authorized. */
  override async fetch(request: Request): Promise<Response> {
    const project = request.headers.get(PROJECT_HEADER);
    const watcher = request.headers.get(WATCHER_HEADER);
    if (!project || !watcher) throw new Error(`room: ${PROJECT_HEADER} or ${WATCHER_HEADER} is missing`);
    const [client, server] = Object.values(new WebSocketPair());
    if (!client || !server) throw new Error("room: WebSocketPair is not a pair");
    const response = new Response(null, { status: 101, webSocket: client });
    if (this.#subscribers.size >= Number(this.env.ROOM_SOCKETS)) {
      server.accept();
      server.close(TRY_LATER, "full, try later");
      return response;
    }
    const now = Date.now();
    this.#subscribers.add(server, project, JSON.parse(decodeURIComponent(watcher)), now);
    this.#presence.schedule();
    this.ctx.waitUntil(this.#greet(server, project, now));
    return response;
  }

  /** Adds events; those published before are ignored. */
  async publish({ events, arrived, visitors }: Push): Promise<void> {
    const project = this.#subscribers.project;
    if (project === null) return;
    const now = Date.now();
    this.#activeAt = now;
    this.ctx.waitUntil(this.#fill(project, now));
    for (const { event, visitor } of events) {
      this.#feed.add(event);
      this.#rates.addVisitor(visitor, event.timestamp, now);
    }
    for (const [visitor, at] of visitors) this.#rates.addVisitor(visitor, at, now);
    if (arrived > 0) this.#rates.addCounts({ arrived }, now);
    await this.#flush(now);
  }

  /** Reports that everything accepted before `completeUntil` is in the numbers. */
  async folded(completeUntil: number): Promise<void> {
    this.#subscribers.broadcast({ type: "folded", complete_until: completeUntil });
  }

  /** Sends a frame to all sockets, or to those of one user. */
  async notify(frame: NotifyFrame, only?: string): Promise<void> {
    this.#subscribers.broadcast(frame, only);
  }

  /** Closes sockets. Tickets are checked again when they are used. */
  async expel(whose: Expelled): Promise<void> {
    this.#subscribers.expel(whose);
  }

  /** Returns a one-use ticket for this room. */
  async issueTicket(watcher: Watcher): Promise<string> {
    return issueTicket(this.ctx.storage, watcher, Date.now());
  }

  /** Redeems a ticket and returns its owner; null when it is not valid. */
  async redeemTicket(ticket: string): Promise<Watcher | null> {
    return redeemTicket(this.ctx.storage, ticket, Date.now());
  }

  /** A page reports which dashboard it shows. Other messages are ignored. */
  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    const at = readAt(message);
    if (at && this.#subscribers.setDashboard(socket, at.dashboard_id, Date.now())) this.#presence.schedule();
  }

  override async webSocketClose(socket: WebSocket): Promise<void> {
    await this.#leave(socket);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    await this.#leave(socket);
  }

  /** Runs while there are subscribers, also without events: visitors expire. */
  override async alarm(): Promise<void> {
    const now = Date.now();
    this.#subscribers.expire(now);
    const project = this.#subscribers.project;
    if (project === null) return;
    await this.#fill(project, now);
    await this.#renew(project, now);
    this.#sendStats(now);
  }

  async #greet(socket: WebSocket, project: string, now: number): Promise<void> {
    try {
      if (now - this.#renewedAt >= IDLE_MS) await this.#renew(project, now);
    } catch (error) {
      logError("A room could not register its watch", error);
      this.#renewedAt = 0;
      socket.close(TRY_LATER, "try later");
      return;
    }
    await this.#fill(project, now);
    // Waiting events are sent to the others first, so that no subscriber receives an event twice.
    const greeted = Date.now();
    this.#sendEvents(greeted);
    const visitors_now = this.#rates.visitorsNow(greeted);
    const hello: Frame = { type: "hello", recent: this.#feed.recent(), visitors_now };
    const present = this.#presence.last;
    this.#subscribers.greet(socket, [hello, this.#stats(greeted), ...(present ? [present] : [])]);
  }

  async #leave(socket: WebSocket): Promise<void> {
    const project = this.#subscribers.remove(socket);
    if (project === null) return this.#presence.schedule();
    this.#renewedAt = 0;
    await this.ctx.storage.deleteAlarm();
    const { db } = await storesOf(this.env, project);
    await unwatch(db, project);
    // A subscriber may have connected meanwhile, and D1 does not order the two writes.
    if (this.#subscribers.project !== null) await this.#renew(project, Date.now());
  }

  async #renew(project: string, now: number): Promise<void> {
    this.#renewedAt = now;
    const { db } = await storesOf(this.env, project);
    await watch(db, project, now + WATCH_MS, this.#keep);
    await this.ctx.storage.setAlarm(now + IDLE_MS);
  }

  /** Fills memory from the lake, once after each wake-up. If the lake cannot be read, memory stays empty. */
  #fill(project: string, now: number): Promise<void> {
    this.#recentLoad ??= storesOf(this.env, project)
      .then(({ db, lake }) => readRecent(db, lake, project, now))
      .then(
        (past) => {
          for (const { event, visitor } of past) this.#rates.addVisitor(visitor, event.timestamp, now);
          this.#feed.fill(past.map(({ event }) => event));
        },
        (error) => logError("A room could not read the lake", error),
      );
    return this.#recentLoad;
  }

  /** Sends due events and schedules the rest: at once after a pause, else at the frame rate. */
  async #flush(now: number): Promise<void> {
    if (this.#feed.hasWaiting() && now - this.#framesAt >= FRAME_MS) this.#sendEvents(now);
    if (now - this.#statsAt >= STATS_MS) {
      this.#sendStats(now);
      await this.#adapt(now);
    }
    if (now - this.#activeAt < CALM_MS || this.#keep > 1)
      this.#timer ??= setTimeout(() => this.#again(), FRAME_MS);
  }

  #again(): void {
    this.#timer = undefined;
    this.ctx.waitUntil(this.#flush(Date.now()));
  }

  #sendEvents(now: number): void {
    const { events, skipped } = this.#feed.take(now);
    this.#framesAt = now;
    this.#rates.addCounts({ shown: events.length, skipped }, now);
    if (events.length > 0) this.#subscribers.broadcast({ type: "events", events });
  }

  #sendStats(now: number): void {
    this.#statsAt = now;
    const frame = this.#stats(now);
    const text = JSON.stringify(frame);
    if (text !== this.#statsText) this.#subscribers.broadcast(frame);
    this.#statsText = text;
    const { arrived, shown, skipped } = this.#rates.totals(now);
    const of = Math.max(arrived, shown + skipped);
    const isSampled = of > shown && (this.#keep > 1 || skipped > 0);
    // The last frame reports that everything is shown again.
    if (isSampled || this.#isSampled)
      this.#subscribers.broadcast({ type: "sampled", kept: isSampled ? shown : of, of });
    this.#isSampled = isSampled;
  }

  #stats(now: number): Frame {
    const visitors_now = this.#rates.visitorsNow(now);
    return { type: "stats", visitors_now, events_per_minute: this.#rates.totals(now).arrived };
  }

  /** Samples more strictly at the source when events come too fast; less only when they are clearly slower. */
  async #adapt(now: number): Promise<void> {
    const perSecond = this.#rates.perSecond(now);
    const wanted = sampleRateFor(perSecond);
    if (wanted <= this.#keep && sampleRateFor(1.5 * perSecond) >= this.#keep) return;
    this.#keep = wanted;
    const project = this.#subscribers.project;
    if (project !== null) await this.#renew(project, now);
  }
}

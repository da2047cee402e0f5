/**
 * Publishes a user's change: an entry of the activity feed, a live frame for open pages, e-mails.
 * @module
 */
import type { ActivityKind } from "../../../schema/wire/discussion";
import type { ChangedFrame } from "../../../schema/wire/live";
import type { Sharing } from "../../../schema/wire/metric";
import { logError } from "../../lib/log";
import { type Email, emailDriver } from "../../outbound/notify";
import { type NotifyBindings, notify } from "../../pipeline/live";
import { projectIdsOf } from "../../tenancy/projects";
import { recordActivity } from "./activity-store";

export interface PublishBindings extends NotifyBindings {
  CONTROL: D1Database;
  EMAIL: SendEmail;
  EMAIL_FROM: string;
}

/** The author of a change, and its project. */
export interface Actor {
  organization: string;
  /** Null for changes of the whole organization. */
  project: string | null;
  user: string;
}

/** A change. Each given part is published. */
export interface Change {
  /** Entry of the feed, which everyone in the organization can read: nothing is recorded while `sharing` is private. */
  feed?: { kind: ActivityKind; id: string; name: string; sharing: Sharing } | undefined;
  /** For pages of the project, or of all projects of the organization. While `sharing` is private, only `owner` gets it. */
  frame?: (Pick<ChangedFrame, "what" | "id" | "version"> & { sharing: Sharing; owner: string }) | undefined;
  emails?: readonly Email[];
}

/** Publishes a change. Failures are logged: the change itself was saved before. */
export async function publish(
  bindings: PublishBindings,
  actor: Actor,
  { feed, frame, emails = [] }: Change,
  now: number,
): Promise<void> {
  const parts: Promise<unknown>[] = [];
  if (feed && feed.sharing !== "private") {
    const { kind, id, name } = feed;
    const entry = { ...actor, kind, subject: name, subject_id: id };
    parts.push(recordActivity(bindings.CONTROL, entry, now));
  }
  if (frame) parts.push(sendFrame(bindings, actor, frame));
  const driver = emailDriver(bindings.EMAIL, bindings.EMAIL_FROM);
  parts.push(...emails.map((email) => driver.send(email)));
  for (const result of await Promise.allSettled(parts))
    if (result.status === "rejected")
      logError("a change was not published", result.reason, { kind: feed?.kind, what: frame?.what });
}

async function sendFrame(
  bindings: PublishBindings,
  { organization, project, user }: Actor,
  { what, id, version, sharing, owner }: NonNullable<Change["frame"]>,
): Promise<void> {
  const projects = project === null ? await projectIdsOf(bindings.CONTROL, [organization]) : [project];
  const frame: ChangedFrame = { type: "changed", what, id, version, by: user };
  await notify(bindings, projects, frame, sharing === "private" ? owner : undefined);
}

/**
 * Writing down who joined and who left, for the list of activity.
 * @module
 */
import { record } from "../workspace/discussion";
import { defer } from "./request-context";

/** An organisation by id and name. */
interface Named {
  id: string;
  name: string;
}

/** Notes, after the answer, that a user came to belong to an organisation or no longer does. */
export function noteMembership(
  control: D1Database,
  kind: "member_joined" | "member_left",
  user: string,
  { id, name }: Named,
): void {
  const deed = { organization: id, project: null, user, kind, subject: name, subject_id: id };
  defer(record(control, deed, Date.now()));
}

/**
 * Writing down what somebody did to what is kept, for the list of activity. Private things are not for it.
 * @module
 */
import { type Deed, record } from "../workspace/discussion";
import { defer } from "./request-context";

/** Something that may be private. */
interface Subject {
  id: string;
  name: string;
  sharing: "private" | "organization";
}

/** Notes a deed after the answer. */
export function note(
  control: D1Database,
  by: Pick<Deed, "organization" | "project" | "user">,
  kind: Deed["kind"],
  { id, name, sharing }: Subject,
): void {
  if (sharing === "private") return;
  defer(record(control, { ...by, kind, subject: name, subject_id: id }, Date.now()));
}

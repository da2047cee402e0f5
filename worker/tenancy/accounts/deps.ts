/**
 * What signing in needs from the outside, and how long it lasts.
 * @module
 */
import { DAY_MS } from "../../lib/time";
import type { Mail } from "./mail";

/** What signing in needs from the outside. */
export interface AccountDeps {
  control: D1Database;
  /** The deployment's `AUTH_SECRET`. */
  secret: string;
  /** Where the app answers, for links in e-mails, e.g. `https://stats.example.com`. */
  origin: string;
  /** Shown in the list of sessions. */
  userAgent: string | null;
  send(mail: Mail): Promise<void>;
  /** Lets work outlive the answer, so that its duration says nothing about whether an address is known. */
  defer(work: Promise<unknown>): void;
}

/** How long a session lives without being refreshed. */
export const SESSION_MS = 30 * DAY_MS;

/**
 * Dependencies of signing in, and durations of sessions and tokens.
 * @module
 */
import { DAY_MS } from "../../lib/time";
import type { Mail } from "./mail";
import type { SignUpRule } from "./sign-up";

/** Dependencies of signing in. */
export interface AccountDeps {
  control: D1Database;
  /** The deployment's `AUTH_SECRET`. */
  secret: string;
  /** Origin of the app, for links in e-mails, e.g. `https://stats.example.com`. */
  origin: string;
  /** Who may create an account. */
  signUp: SignUpRule;
  /** Shown in the list of sessions. */
  userAgent: string | null;
  send(mail: Mail): Promise<void>;
  /** Runs work after the response, so that the response time does not reveal whether an address is known. */
  defer(work: Promise<unknown>): void;
}

/** Duration of a session without a refresh. */
export const SESSION_MS = 30 * DAY_MS;

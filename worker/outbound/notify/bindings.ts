/**
 * Bindings that notifications need.
 * @module
 */
import { type KeyRing, keyRing } from "../../lib/key-ring";
import type { GuardOptions } from "../../lib/safe-fetch";

export interface NotifyBindings {
  CONTROL: D1Database;
  EMAIL: SendEmail;
  EMAIL_FROM: string;
  /** Origin of the app; empty when it is not configured. Scheduled jobs have no request to take it from. */
  APP_ORIGIN: string;
  SOURCE_KEYS: string;
  SOURCE_KEYS_NEXT?: string;
  /** `"true"` where webhooks may target 127.0.0.1. */
  SOURCE_LOOPBACK: string;
}

/** Bindings that the settings need. */
export type SettingsBindings = Pick<
  NotifyBindings,
  "CONTROL" | "SOURCE_KEYS" | "SOURCE_KEYS_NEXT" | "SOURCE_LOOPBACK"
>;

/** Returns the keys that seal channel configurations. Throws when they are malformed. */
export function ringOf({
  SOURCE_KEYS,
  SOURCE_KEYS_NEXT,
}: Pick<NotifyBindings, "SOURCE_KEYS" | "SOURCE_KEYS_NEXT">): KeyRing {
  return keyRing(SOURCE_KEYS, "SOURCE_KEYS", SOURCE_KEYS_NEXT);
}

/** Returns which URLs channels may request. */
export const guardOf = ({ SOURCE_LOOPBACK }: Pick<NotifyBindings, "SOURCE_LOOPBACK">): GuardOptions => ({
  allowLoopback: SOURCE_LOOPBACK === "true",
});

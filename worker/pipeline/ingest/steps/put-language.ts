/**
 * The reader's language.
 * @module
 */
import type { Draft } from "../draft";

/** Fills `language`: as sent, else the first of `Accept-Language`. */
export function putLanguage({ raw, sender, body }: Draft): undefined {
  body.language = raw.language || preferred(sender.accept_language);
}

/** BCP 47 tags have at most 35 characters by RFC 5646 4.4.1. */
function preferred(header: string | null): string | null {
  const tag = header?.split(/[,;]/, 1)[0]?.trim();
  return tag && /^[a-z0-9-]{1,35}$/i.test(tag) ? tag : null;
}

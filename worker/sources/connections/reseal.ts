/**
 * Resealing secrets that were sealed with an old key.
 * @module
 */
import { logError } from "../../lib/log";
import { ringOf, type SourceBindings } from "./bindings";
import { replaceSecrets, secretsWithOldKeys } from "./secret-store";

/** Secrets per query. */
const PAGE = 100;

/** Reseals everything with the ring's first key. Returns how many secrets were resealed; those that do not open are logged. */
export async function resealSecrets(bindings: SourceBindings): Promise<number> {
  const ring = ringOf(bindings);
  let count = 0;
  for (;;) {
    const page = await secretsWithOldKeys(bindings.CONTROL, ring.current, PAGE);
    const done = await Promise.all(
      page.map(async ({ id, sealed, access_expires_at }) => {
        try {
          const again = await ring.seal(await ring.open(sealed, id), id);
          return await replaceSecrets(bindings.CONTROL, id, sealed, again, access_expires_at);
        } catch (error) {
          logError("a secret does not open", error, { source: id, key: sealed.key });
          return false;
        }
      }),
    );
    const sealed = done.filter(Boolean).length;
    count += sealed;
    if (page.length < PAGE || sealed === 0) return count;
  }
}

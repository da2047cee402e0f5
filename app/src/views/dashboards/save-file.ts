/**
 * Downloads text as a file.
 * @module
 */

/** Delay before the object URL is revoked, so that every browser has started the download. */
const REVOKE_AFTER_MS = 10_000;

/** Downloads `text` under a name with an extension. */
export function saveFile(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), REVOKE_AFTER_MS);
}

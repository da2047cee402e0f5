/**
 * Text as a file on the reader's machine.
 * @module
 */

/** Long enough for every browser to have begun the download. */
const KEPT_MS = 10_000;

/** Saves under a name whose ending says what it is. */
export function saveFile(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}

/**
 * Slugs for files and URLs.
 * @module
 */

/** Maximum length of a slug, with room for a number at the end. */
const LENGTH = 70;

/** `Übersicht 2026!` as `ubersicht-2026`; a name without letters or digits is `dashboard`. */
export function slugOf(name: string): string {
  const plain = name.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  const slug = plain
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, LENGTH)
    .replace(/-$/, "");
  return slug || "dashboard";
}

/** The slug, with a number appended when it is taken. */
export function freeSlug(slug: string, taken: ReadonlySet<string>): string {
  if (!taken.has(slug)) return slug;
  let number = 2;
  while (taken.has(`${slug}-${number}`)) number++;
  return `${slug}-${number}`;
}

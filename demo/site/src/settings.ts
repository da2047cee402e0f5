/**
 * The project that this page reports to: from its URL, else the first project of the signed-in user.
 * @module
 */

/** The project of sent events and of the live view. */
export interface Settings {
  /** The project's write key. */
  key: string;
  /** The project's id; without it there is no live view. */
  project: string | null;
}

const STORAGE_KEY = "kasuri_project";

/** Settings from the URL, the tab or the signed-in user; null without. */
export async function findSettings(): Promise<Settings | null> {
  const query = new URLSearchParams(location.search);
  const key = query.get("key");
  if (key) return keep({ key, project: query.get("project") });
  const stored = sessionStorage.getItem(STORAGE_KEY);
  return stored ? (JSON.parse(stored) as Settings) : await firstProject();
}

/** Store for this tab. */
export function keep(settings: Settings): Settings {
  sessionStorage.setItem(STORAGE_KEY, JSON.stringify(settings));
  return settings;
}

async function firstProject(): Promise<Settings | null> {
  const response = await fetch("/api/v1/projects").catch(() => null);
  if (!response?.ok) return null;
  const { data } = (await response.json()) as { data: { id: string; api_key: string }[] };
  const [first] = data;
  return first ? keep({ key: first.api_key, project: first.id }) : null;
}

/**
 * Positions in a list: a time and an id, newest first. Clients see them as an opaque cursor.
 * @module
 */
import { type Refusal, refuse } from "../parse/refusal";

export interface Position {
  time: number;
  id: string;
}

/** Newest first; at the same time the larger id first. */
export function newestFirst(a: Position, b: Position): number {
  return b.time - a.time || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}

export function writeCursor({ time, id }: Position): string {
  const bytes = new TextEncoder().encode(JSON.stringify([time, id]));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** Reads a cursor; null without one, for the start of the list. */
export function readCursor(text: string | undefined): Position | null | Refusal {
  if (!text) return null;
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) =>
      c.charCodeAt(0),
    );
    const parsed: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (Array.isArray(parsed) && typeof parsed[0] === "number" && typeof parsed[1] === "string") {
      return { time: parsed[0], id: parsed[1] };
    }
  } catch {
    // Refused below.
  }
  return refuse("cursor_invalid", "cursor", "`cursor` must be a `next_cursor` of the same list");
}

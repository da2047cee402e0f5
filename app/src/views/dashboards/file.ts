/**
 * Dashboards as files. The server checks what a file says; here it is only read as JSON.
 * @module
 */
import type { Dashboard, DashboardContent } from "../../../../schema/wire/dashboard";

/** The content as JSON text, keys in a fixed order. */
export function fileOf(dashboard: Dashboard): string {
  const { name, description, range, compare, filters, widgets } = dashboard;
  const content: DashboardContent = { name, description, range, compare, filters, widgets };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** What a file holds, or what is wrong with it, with the place. */
export function readFile(text: string): { content: DashboardContent } | { wrong: string } {
  try {
    const content: unknown = JSON.parse(text);
    if (isContent(content)) return { content };
    return { wrong: "A dashboard has a name: the text holds something else." };
  } catch (error) {
    const words = error instanceof Error ? error.message : "";
    return { wrong: `The text is not JSON. ${words}` };
  }
}

function isContent(value: unknown): value is DashboardContent {
  return typeof value === "object" && value !== null && "name" in value && typeof value.name === "string";
}

/**
 * Structured logs: one JSON object a line, which Workers Logs indexes by field.
 * @module
 */
import { DrizzleQueryError } from "drizzle-orm/errors";

/** Fields that describe where something happened: ids, counts. Never secrets or personal data. */
export type LogContext = Record<string, unknown>;

/** Logs a failure with its stack and the stacks of its causes. */
export function logError(message: string, error: unknown, context: LogContext = {}): void {
  write("error", message, { ...context, ...describeError(error) });
}

/** Logs an unusual condition that is handled. */
export function logWarning(message: string, context: LogContext = {}): void {
  write("warn", message, context);
}

function write(level: "error" | "warn", message: string, context: LogContext): void {
  console[level](JSON.stringify({ level, message, ...context }));
}

/** Returns the error's stack, and its cause where it has one. Causes of causes are listed in order. */
function describeError(error: unknown): { error: string; cause?: string[] } {
  const causes: string[] = [];
  for (let at = causeOf(error); at !== undefined && causes.length < MAX_CAUSES; at = causeOf(at))
    causes.push(textOf(at));
  return causes.length ? { error: textOf(error), cause: causes } : { error: textOf(error) };
}

/** Chains of causes can be circular. */
const MAX_CAUSES = 5;
const causeOf = (error: unknown) => (error instanceof Error ? error.cause : undefined);

/** A failed query's message lists its parameters, which can be secrets or personal data. */
function textOf(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? String(error)) : String(error);
  return error instanceof DrizzleQueryError ? text.replace(error.message, () => error.query) : text;
}

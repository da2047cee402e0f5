/**
 * Runs a command and prints its errors.
 * @module
 */
import { pathToFileURL } from "node:url";
import { UsageError } from "./target.ts";

/**
 * Runs `main` when the file is the program, not when it is imported. Errors that the user can fix are printed without a
 * stack.
 */
export async function command(moduleUrl: string, main: () => Promise<void>): Promise<void> {
  if (pathToFileURL(process.argv[1] ?? "").href !== moduleUrl) return;
  try {
    await main();
  } catch (error) {
    const plain = error instanceof UsageError || isParseArgsError(error);
    console.error(plain ? (error as Error).message : error);
    process.exitCode = 1;
  }
}

function isParseArgsError(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}

/** A whole number of at least `least`, or the default. @throws UsageError */
export function wholeNumber(name: string, text: string | undefined, byDefault: number, least = 0): number {
  const value = text === undefined ? byDefault : Number(text);
  if (!Number.isSafeInteger(value) || value < least) {
    throw new UsageError(`--${name} must be a whole number of at least ${least}, not "${text}".`);
  }
  return value;
}

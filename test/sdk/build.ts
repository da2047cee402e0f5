/**
 * Tests use the built tracker, as it is served.
 * @module
 */
import { buildSdk } from "../../sdk/build.ts";

export default async function setup(): Promise<void> {
  await buildSdk();
}

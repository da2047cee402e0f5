/**
 * Tests take the tracker as it is served: built.
 * @module
 */
import { buildSdk } from "../../sdk/build.ts";

export default async function setup(): Promise<void> {
  await buildSdk();
}

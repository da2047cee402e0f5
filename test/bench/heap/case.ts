/**
 * One case in a process of its own: `node --expose-gc case.ts NAME`. Prints its `Peak` as JSON.
 * @module
 */
import "../resolve.ts";

const { CASES } = await import("./cases.ts");
const { measurePeak } = await import("./live.ts");

const prepare = CASES[process.argv[2] ?? ""];
if (!prepare) throw new Error(`there is no case ${process.argv[2]}`);
console.log(JSON.stringify(await measurePeak(await prepare())));

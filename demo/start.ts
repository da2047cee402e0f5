/**
 * `npm start`: the whole product locally, with a demo account and two weeks of traffic on the first start. `PORT`
 * (8787) and `SELVEDGE_STATE` (.wrangler/state) allow several copies side by side; `SELVEDGE_DEMO=0` omits the demo.
 * @module
 */
import { readFileSync } from "node:fs";
import { localToken, parseRates, SAMPLE, sendRates } from "./cli/rates.ts";
import { makeDemo } from "./demo.ts";
import { readDemo, stateFolder } from "./demo-file.ts";
import { buildIfStale } from "./fresh-build.ts";
import { startServer } from "./server.ts";
import { startVendors } from "./vendors/start.ts";

const port = Number(process.env.PORT ?? 8787);
const state = stateFolder();

console.log("Building …");
buildIfStale();
const withDemo = process.env.SELVEDGE_DEMO !== "0";
// Also on later starts: the demo's sources are synced regularly.
const vendors = withDemo ? await startVendors() : null;
const server = await startServer({ port, state, vars: { SIGNUP: "open", ...vendors?.vars } });
let isClosing = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (isClosing) return;
    isClosing = true;
    void Promise.all([server.close(), vendors?.close()]).finally(() => process.exit(0));
  });
}

await server.tick();
// A made-up sample, once: rates imported later are preserved.
if (withDemo && !readDemo(state))
  await sendRates(server.url, localToken(state), parseRates(readFileSync(SAMPLE, "utf8")));
const demo = withDemo ? (readDemo(state) ?? (await makeDemo(server.url, state))) : null;
console.log(`ready ${server.url}`);
if (demo) {
  console.log(`e-mail   ${demo.email}\npassword ${demo.password}\nkey      ${demo.api_key}`);
  console.log(`demo     ${server.url}/demo/?key=${demo.api_key}&project=${demo.project_id}`);
}

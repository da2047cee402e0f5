import { describeDriver } from "./contract.ts";

describeDriver("hubspot");

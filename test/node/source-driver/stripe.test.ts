import { describeDriver } from "./contract.ts";

describeDriver("stripe");

import { describeDriver } from "./contract.ts";

describeDriver("google_ads");

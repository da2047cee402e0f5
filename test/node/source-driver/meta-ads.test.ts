import { describeDriver } from "./contract.ts";

describeDriver("meta_ads");

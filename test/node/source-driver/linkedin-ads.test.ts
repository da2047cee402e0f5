import { describeDriver } from "./contract.ts";

describeDriver("linkedin_ads");

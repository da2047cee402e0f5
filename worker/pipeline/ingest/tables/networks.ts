/**
 * Networks of servers, not people. Short on purpose: a wrong entry hides real visitors.
 * Left out although they are data centers: relays and VPNs that people browse through (Cloudflare WARP 13335,
 * iCloud Private Relay 36183 and 54113, Datacamp 60068 and 212238, M247 9009) and company proxies (Zscaler 22616).
 * @module
 */

/** Hosting providers and their autonomous system numbers. */
const PROVIDERS: [name: string, ...asns: number[]][] = [
  ["Amazon", 14618, 16509, 8987],
  ["Google", 15169, 396982],
  ["Microsoft Azure", 8075],
  ["DigitalOcean", 14061, 62567],
  ["OVH", 16276],
  ["Hetzner", 24940, 213230],
  ["Akamai Connected Cloud", 63949],
  ["Vultr", 20473],
  ["Oracle Cloud", 31898],
  ["IBM Cloud", 36351],
  ["Alibaba Cloud", 45102, 37963],
  ["Tencent Cloud", 132203, 45090],
  ["Huawei Cloud", 136907, 55990],
  ["Scaleway", 12876],
  ["Contabo", 51167],
  ["Leaseweb", 28753, 60781, 30633],
  ["GoDaddy", 26496],
  ["FranTech", 53667],
  ["Clouvider", 62240],
  ["IONOS", 8560],
];
const DATA_CENTERS = new Set(PROVIDERS.flatMap(([, ...asns]) => asns));

const HOSTING = /\b(hosting|data ?cent(er|re)s?|colocation|colo|vps|dedicated servers?|cloud servers?)\b/i;

/** Whether a network is a data center, by its number or its name. */
export function isDataCenter(asn: number | null, network: string | null): boolean {
  return (asn !== null && DATA_CENTERS.has(asn)) || (network !== null && HOSTING.test(network));
}

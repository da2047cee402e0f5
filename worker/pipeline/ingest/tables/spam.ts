/**
 * Hosts that send fake visits so that site owners click on them. Maintained by hand.
 * @module
 */

const SPAM_HOSTS = new Set([
  "100dollars-seo.com",
  "4webmasters.org",
  "7makemoneyonline.com",
  "adcash.com",
  "addons.mozilla.org.ilovevitaly.com",
  "anticrawler.org",
  "best-seo-offer.com",
  "best-seo-solution.com",
  "bestwebsitesawards.com",
  "blackhatworth.com",
  "buttons-for-website.com",
  "buttons-for-your-website.com",
  "cenoval.ru",
  "darodar.com",
  "econom.co",
  "event-tracking.com",
  "floating-share-buttons.com",
  "forum.topic.darodar.com",
  "free-share-buttons.com",
  "free-social-buttons.com",
  "get-free-social-traffic.com",
  "get-free-traffic-now.com",
  "gobongo.info",
  "guardlink.org",
  "hulfingtonpost.com",
  "humanorightswatch.org",
  "ilovevitaly.com",
  "kambasoft.com",
  "makemoneyonline.com",
  "o-o-6-o-o.com",
  "o-o-8-o-o.ru",
  "priceg.com",
  "ranksonic.info",
  "sanjosestartups.com",
  "savetubevideo.com",
  "semalt.com",
  "semaltmedia.com",
  "seoexperimenty.ru",
  "sexyali.com",
  "sharebutton.net",
  "simple-share-buttons.com",
  "site-auditor.online",
  "social-buttons.com",
  "socialbuttons.xyz",
  "success-seo.com",
  "theguardlan.com",
  "traffic2cash.org",
  "traffic2money.com",
  "trafficmonetize.org",
  "trafficmonetizer.org",
  "videos-for-your-business.com",
  "webmonetizer.net",
  "webmaster-traffic.com",
  "websites-reviews.com",
  "youporn-forum.ga",
]);

/** Hosts whose name is an advertisement: `free-traffic-for-you.xyz`, `buy-cheap-backlinks.com`. */
const SPAM_NAME =
  /(^|[.-])(free|buy|cheap|get)[.-]([a-z0-9]+[.-])*(seo|traffic|backlinks?|share-?buttons|social-?buttons)([.-]|$)/;

/** Whether a referrer's host, or a parent domain of it, is listed or has a spam name. */
export function isSpamHost(host: string): boolean {
  for (let rest = host; rest !== ""; ) {
    if (SPAM_HOSTS.has(rest)) return true;
    const dot = rest.indexOf(".");
    rest = dot < 0 ? "" : rest.slice(dot + 1);
  }
  return SPAM_NAME.test(host);
}

/**
 * Sources of visits: hosts and `utm_source` values with display name and kind.
 * Maintained by hand: add a line when a source appears in reports under its bare host name.
 * @module
 */

/** Decides the channel together with the medium. */
export type SourceKind = "search" | "social" | "video" | "shopping" | "ai" | "email";

/** Name shown, kind, then hosts (with their subdomains), `android-app` package names and `utm_source` spellings. */
const TABLE: [name: string, kind: SourceKind | null, ...keys: string[]][] = [
  [
    "Google",
    "search",
    "google.com",
    "com.google.android.googlequicksearchbox",
    "google",
    "adwords",
    "google_ads",
  ],
  ["Bing", "search", "bing.com", "bing"],
  ["DuckDuckGo", "search", "duckduckgo.com", "com.duckduckgo.mobile.android", "duckduckgo", "ddg"],
  ["Yahoo", "search", "search.yahoo.com", "yahoo.com", "search.yahoo.co.jp", "yahoo.co.jp", "yahoo"],
  [
    "Yandex",
    "search",
    "yandex.ru",
    "yandex.com",
    "yandex.com.tr",
    "yandex.kz",
    "yandex.by",
    "ya.ru",
    "yandex",
  ],
  ["Baidu", "search", "baidu.com", "baidu"],
  ["Ecosia", "search", "ecosia.org", "com.ecosia.android", "ecosia"],
  ["Qwant", "search", "qwant.com", "qwant"],
  ["Startpage", "search", "startpage.com", "startpage"],
  ["Brave", "search", "search.brave.com", "brave"],
  ["Kagi", "search", "kagi.com", "kagi"],
  ["Naver", "search", "search.naver.com", "naver.com", "naver"],
  ["Daum", "search", "search.daum.net", "daum"],
  ["Seznam", "search", "search.seznam.cz", "seznam.cz", "seznam"],
  ["Sogou", "search", "sogou.com"],
  ["360 Search", "search", "so.com"],
  ["Ask", "search", "ask.com"],
  ["AOL", "search", "search.aol.com", "aol"],
  ["Mojeek", "search", "mojeek.com"],
  ["Swisscows", "search", "swisscows.com"],
  ["Presearch", "search", "presearch.com"],
  ["Marginalia", "search", "marginalia.nu", "marginalia-search.com"],
  ["Facebook", "social", "facebook.com", "fb.com", "fb.me", "com.facebook.katana", "facebook", "fb", "meta"],
  ["Messenger", "social", "messenger.com", "com.facebook.orca", "messenger"],
  ["Instagram", "social", "instagram.com", "com.instagram.android", "instagram", "ig"],
  ["Threads", "social", "threads.net", "threads.com", "threads"],
  ["X", "social", "x.com", "twitter.com", "t.co", "com.twitter.android", "twitter", "x"],
  ["LinkedIn", "social", "linkedin.com", "lnkd.in", "com.linkedin.android", "linkedin", "li"],
  ["Reddit", "social", "reddit.com", "redd.it", "com.reddit.frontpage", "reddit"],
  ["Bluesky", "social", "bsky.app", "go.bsky.app", "bluesky"],
  [
    "Mastodon",
    "social",
    "mastodon.social",
    "mastodon.online",
    "mstdn.social",
    "fosstodon.org",
    "hachyderm.io",
    "mastodon",
  ],
  ["Pinterest", "social", "pinterest.com", "pin.it", "com.pinterest", "pinterest"],
  ["TikTok", "social", "tiktok.com", "com.zhiliaoapp.musically", "tiktok"],
  ["Snapchat", "social", "snapchat.com", "com.snapchat.android", "snapchat"],
  ["WhatsApp", "social", "whatsapp.com", "wa.me", "com.whatsapp", "whatsapp"],
  ["Telegram", "social", "telegram.org", "t.me", "org.telegram.messenger", "telegram"],
  ["Discord", "social", "discord.com", "discord.gg", "com.discord", "discord"],
  ["Slack", "social", "slack.com", "com.slack", "slack"],
  ["Hacker News", "social", "news.ycombinator.com", "hn.algolia.com", "hackernews", "hacker_news", "hn"],
  ["Lobsters", "social", "lobste.rs", "lobsters"],
  ["Product Hunt", "social", "producthunt.com", "producthunt"],
  ["Indie Hackers", "social", "indiehackers.com"],
  ["Medium", "social", "medium.com"],
  ["Substack", "social", "substack.com", "substack"],
  ["Quora", "social", "quora.com", "quora"],
  ["Tumblr", "social", "tumblr.com", "tumblr"],
  ["VK", "social", "vk.com", "vk.ru", "vk"],
  ["OK", "social", "ok.ru"],
  ["Weibo", "social", "weibo.com", "weibo.cn", "weibo"],
  ["WeChat", "social", "weixin.qq.com", "mp.weixin.qq.com", "wechat"],
  ["Xing", "social", "xing.com", "xing"],
  ["Stack Overflow", "social", "stackoverflow.com", "stackoverflow"],
  ["Flipboard", "social", "flipboard.com", "flipboard"],
  ["Line", "social", "line.me", "jp.naver.line.android"],
  ["YouTube", "video", "youtube.com", "youtu.be", "com.google.android.youtube", "youtube", "yt"],
  ["Vimeo", "video", "vimeo.com", "vimeo"],
  ["Twitch", "video", "twitch.tv", "twitch"],
  ["Dailymotion", "video", "dailymotion.com"],
  ["Bilibili", "video", "bilibili.com"],
  ["Rumble", "video", "rumble.com"],
  ["Amazon", "shopping", "amazon.com", "amazon"],
  ["eBay", "shopping", "ebay.com", "ebay"],
  ["Etsy", "shopping", "etsy.com", "etsy"],
  ["Google Shopping", "shopping", "shopping.google.com", "googleshopping", "google_shopping"],
  ["AliExpress", "shopping", "aliexpress.com"],
  ["Alibaba", "shopping", "alibaba.com"],
  ["Walmart", "shopping", "walmart.com"],
  ["Idealo", "shopping", "idealo.de", "idealo.co.uk", "idealo.fr", "idealo"],
  ["Shopify", "shopping", "shop.app", "shopify"],
  ["Temu", "shopping", "temu.com"],
  [
    "ChatGPT",
    "ai",
    "chatgpt.com",
    "chat.openai.com",
    "openai.com",
    "com.openai.chatgpt",
    "chatgpt",
    "openai",
  ],
  ["Claude", "ai", "claude.ai", "com.anthropic.claude", "claude"],
  ["Gemini", "ai", "gemini.google.com", "bard.google.com", "gemini"],
  ["Copilot", "ai", "copilot.microsoft.com", "m365.cloud.microsoft", "copilot"],
  ["Perplexity", "ai", "perplexity.ai", "ai.perplexity.app.android", "perplexity"],
  ["DeepSeek", "ai", "chat.deepseek.com", "deepseek.com", "deepseek"],
  ["Mistral", "ai", "chat.mistral.ai", "mistral.ai", "mistral"],
  ["Grok", "ai", "grok.com", "x.ai", "grok"],
  ["Meta AI", "ai", "meta.ai"],
  ["Qwen", "ai", "chat.qwen.ai", "qwen.ai"],
  ["Kimi", "ai", "kimi.com", "kimi.moonshot.cn"],
  ["You.com", "ai", "you.com"],
  ["Phind", "ai", "phind.com", "phind"],
  ["Poe", "ai", "poe.com"],
  ["NotebookLM", "ai", "notebooklm.google.com"],
  ["Gmail", "email", "mail.google.com", "com.google.android.gm", "gmail"],
  [
    "Outlook",
    "email",
    "outlook.live.com",
    "outlook.office.com",
    "outlook.office365.com",
    "com.microsoft.office.outlook",
    "outlook",
  ],
  ["Yahoo Mail", "email", "mail.yahoo.com", "mail.yahoo.co.jp"],
  ["Proton Mail", "email", "mail.proton.me", "ch.protonmail.android"],
  ["GMX", "email", "gmx.net", "navigator.gmx.net"],
  ["Mailchimp", "email", "mailchimp.com", "list-manage.com", "mailchimp", "mc"],
  ["Newsletter", "email", "newsletter"],
  ["Email", "email", "email", "e-mail", "mail"],
  ["GitHub", null, "github.com", "github"],
  ["Wikipedia", null, "wikipedia.org", "wikipedia"],
  ["Google Docs", null, "docs.google.com"],
  ["Google News", null, "news.google.com", "com.google.android.apps.magazines"],
  ["Google Ads", null, "googleads.g.doubleclick.net", "googlesyndication.com", "tpc.googlesyndication.com"],
  ["Microsoft Teams", null, "teams.microsoft.com", "teams.cloud.microsoft", "statics.teams.cdn.office.net"],
];

/** A known source. */
export interface KnownSource {
  name: string;
  kind: SourceKind | null;
}

const BY_KEY = new Map<string, KnownSource>(
  TABLE.flatMap(([name, kind, ...keys]) => keys.map((key): [string, KnownSource] => [key, { name, kind }])),
);

/** Families with a site in every country: `www.google.co.uk`, `amazon.de`, `pinterest.fr`. */
const FAMILY = /(?:^|\.)(google|amazon|ebay|yandex|pinterest)\.(?:com?\.)?[a-z]{2}$/;

/** Looks a host up, then its parent domains: `m.facebook.com` is Facebook, `mail.google.com` is Gmail. */
export function sourceOfHost(host: string): KnownSource | undefined {
  for (let rest = host; rest !== ""; ) {
    const known = rest.includes(".") ? BY_KEY.get(rest) : undefined;
    if (known) return known;
    const dot = rest.indexOf(".");
    rest = dot < 0 ? "" : rest.slice(dot + 1);
  }
  const family = FAMILY.exec(host)?.[1];
  return family ? BY_KEY.get(family) : undefined;
}

/** Looks a `utm_source` up, in any case; it may also be a host such as `chatgpt.com`. */
export function sourceOfTag(tag: string): KnownSource | undefined {
  const key = tag.toLowerCase();
  return BY_KEY.get(key) ?? (key.includes(".") ? sourceOfHost(key) : undefined);
}

/**
 * Click ids that ad platforms append: the source they name, and whether only paid clicks carry them.
 * Facebook adds `fbclid` to every link that leaves it, paid or not.
 */
export const CLICK_IDS: Record<string, { source: string; paid: boolean }> = {
  gclid: { source: "google", paid: true },
  gbraid: { source: "google", paid: true },
  wbraid: { source: "google", paid: true },
  msclkid: { source: "bing", paid: true },
  ttclid: { source: "tiktok", paid: true },
  li_fat_id: { source: "linkedin", paid: true },
  fbclid: { source: "facebook", paid: false },
};

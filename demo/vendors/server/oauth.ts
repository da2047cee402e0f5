/**
 * OAuth 2 as used by the ad platforms: a consent page with state and PKCE (RFC 6749 section 4.1, RFC 7636), one-time
 * codes, tokens that expire by the stand-in's clock. Bodies and errors are left to each vendor.
 * @module
 */
import { createHash } from "node:crypto";
import type { VendorAnswer, VendorRequest } from "./routes.ts";

/** The OAuth client of every stand-in. */
export const CLIENT = { client_id: "selvedge-stand-in", client_secret: "stand-in-client-secret" };

const CODE_LIFE_MS = 10 * 60_000;

/** Lifetime and form of a vendor's tokens. */
export interface TokenRules {
  /** Prefix of every token, so that one in a log or a page is recognized: `ya29.`. */
  prefix: string;
  accessLifeMs: number;
  /** Lifetime of a refresh token from the consent on; Infinity where it does not expire. 0 where there is none. */
  refreshLifeMs: number;
}

/** Tokens of a successful token request. */
export interface Granted {
  access: string;
  refresh: string;
  expiresInMs: number;
  refreshExpiresInMs: number;
}

/** Why a token request was refused: the error codes of RFC 6749 section 5.2. */
export interface GrantRefusal {
  refusal: "invalid_request" | "invalid_client" | "invalid_grant" | "unsupported_grant_type";
  detail: string;
}

interface Grant {
  refresh: string;
  endsAt: number;
  isRevoked: boolean;
}

interface Code {
  redirect: string;
  challenge: string | null;
  endsAt: number;
}

const escaped = (text: string) => text.replace(/[&<>"]/g, (mark) => `&#${mark.charCodeAt(0)};`);
const refuse = (refusal: GrantRefusal["refusal"], detail: string): GrantRefusal => ({ refusal, detail });

function tokenText(prefix: string, seed: number, count: number, kind: string): string {
  const digest = createHash("sha256").update(`${prefix}|${seed}|${count}|${kind}`);
  return `${prefix}${kind}-${digest.digest("hex").slice(0, 32)}`;
}

/** The tokens of a stand-in's initial connection, the first grant of its seed: no consent page needed. */
export const firstTokens = (prefix: string, seed: number) => ({
  refresh: tokenText(prefix, seed, 0, "refresh"),
  access: tokenText(prefix, seed, 1, "access"),
});

/** The tokens of one stand-in. Deterministic: the n-th token of a seed is always the same text. */
export class TokenDesk {
  #access = new Map<string, { grant: Grant; endsAt: number }>();
  #grants = new Map<string, Grant>();
  #codes = new Map<string, Code>();
  #made = 0;

  readonly rules: TokenRules;
  readonly seed: number;
  readonly now: () => number;

  constructor(rules: TokenRules, seed: number, now: () => number) {
    this.rules = rules;
    this.seed = seed;
    this.now = now;
  }

  #token(kind: string): string {
    return tokenText(this.rules.prefix, this.seed, this.#made++, kind);
  }

  /**
   * Tokens of a completed consent; a vendor that exchanges short-lived tokens for long-lived ones sets the lifetime.
   */
  grant(accessLifeMs = this.rules.accessLifeMs): Granted {
    const { refreshLifeMs } = this.rules;
    const grant = { refresh: this.#token("refresh"), endsAt: this.now() + refreshLifeMs, isRevoked: false };
    this.#grants.set(grant.refresh, grant);
    return this.#issue(grant, accessLifeMs);
  }

  #issue(grant: Grant, accessLifeMs: number): Granted {
    const access = this.#token("access");
    this.#access.set(access, { grant, endsAt: this.now() + accessLifeMs });
    return {
      access,
      refresh: grant.refresh,
      expiresInMs: accessLifeMs,
      refreshExpiresInMs: grant.endsAt - this.now(),
    };
  }

  /** The current status of an access token. */
  check(access: string | undefined | null): "valid" | "expired" | "revoked" | "unknown" {
    const known = access ? this.#access.get(access) : undefined;
    if (known === undefined) return "unknown";
    if (known.grant.isRevoked) return "revoked";
    return known.endsAt > this.now() ? "valid" : "expired";
  }

  /** Ends every access token issued so far. */
  expireAll(): void {
    for (const token of this.#access.values()) token.endsAt = Math.min(token.endsAt, this.now());
  }

  /** Ends the connection itself: a new consent is required. */
  revokeAll(): void {
    for (const grant of this.#grants.values()) grant.isRevoked = true;
  }

  /** The consent page; its links return with `decision`, which then redirects as the vendor would. */
  consent(request: VendorRequest, title: string): VendorAnswer {
    const { query } = request;
    const redirect = query.get("redirect_uri");
    if (query.get("client_id") !== CLIENT.client_id || !redirect || query.get("response_type") !== "code")
      return { status: 400, headers: { "content-type": "text/html" }, body: "<h1>Invalid request</h1>" };
    const decision = query.get("decision");
    if (decision === null) return page(request, title);
    const back = new URL(redirect);
    if (decision === "allow") back.searchParams.set("code", this.#code(query, redirect));
    else back.searchParams.set("error", "access_denied");
    const state = query.get("state");
    if (state !== null) back.searchParams.set("state", state);
    return { status: 302, headers: { location: back.href } };
  }

  #code(query: URLSearchParams, redirect: string): string {
    const code = this.#token("code");
    const challenge = query.get("code_challenge");
    this.#codes.set(code, { redirect, challenge, endsAt: this.now() + CODE_LIFE_MS });
    return code;
  }

  /** Processes a token request's form: `authorization_code` or `refresh_token`. */
  exchange(form: URLSearchParams): Granted | GrantRefusal {
    for (const [name, value] of Object.entries(CLIENT))
      if (form.get(name) !== value) return refuse("invalid_client", `The ${name} is not known.`);
    const type = form.get("grant_type");
    if (type === "authorization_code") return this.#redeem(form);
    if (type === "refresh_token") return this.#refresh(form.get("refresh_token"));
    return refuse("unsupported_grant_type", `Invalid grant_type: ${type ?? ""}`);
  }

  #redeem(form: URLSearchParams): Granted | GrantRefusal {
    const key = form.get("code") ?? "";
    const code = this.#codes.get(key);
    this.#codes.delete(key);
    if (!code || code.endsAt <= this.now())
      return refuse("invalid_grant", "The code is unknown, used or too old.");
    if (code.redirect !== form.get("redirect_uri")) return refuse("invalid_grant", "redirect_uri_mismatch");
    const verifier = form.get("code_verifier") ?? "";
    const digest = createHash("sha256").update(verifier).digest("base64url");
    if (code.challenge !== null && code.challenge !== digest)
      return refuse("invalid_grant", "The code_verifier does not match the code_challenge.");
    return this.grant();
  }

  #refresh(token: string | null): Granted | GrantRefusal {
    if (!token) return refuse("invalid_request", "The refresh_token is missing.");
    const grant = this.#grants.get(token);
    if (!grant || grant.isRevoked || grant.endsAt <= this.now())
      return refuse("invalid_grant", "Token has been expired or revoked.");
    return this.#issue(grant, this.rules.accessLifeMs);
  }
}

function page(request: VendorRequest, title: string): VendorAnswer {
  const link = (decision: string) => escaped(`${request.path}?${request.search}&decision=${decision}`);
  const body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title>
<meta name="viewport" content="width=device-width"></head><body><main><h1>${escaped(title)}</h1>
<p>Selvedge wants to read campaigns and reports.</p>
<p><a href="${link("allow")}">Allow</a> <a href="${link("deny")}">Deny</a></p></main></body></html>`;
  return { headers: { "content-type": "text/html;charset=utf-8" }, body };
}

/**
 * Accounts: requests and responses of signing in, sessions and personal API tokens.
 * @module
 */
import { z } from "zod";
import { isCommonPassword } from "./common-passwords";
import { organizationSchema } from "./organization";
import { scopeSchema } from "./project";
import { strict } from "./strict";

/** Seconds that an access token is valid. Its session is looked up at every use, so revoking takes effect at once. */
export const ACCESS_TOKEN_SECONDS = 3600;
/** Shortest password. NIST SP 800-63B-4 requires at least 8 and no rules of composition. */
export const MIN_PASSWORD_LENGTH = 8;
export const MAX_PASSWORD_LENGTH = 128;
/** Most projects of an account whose address is not confirmed. */
export const MAX_UNCONFIRMED_PROJECTS = 1;
/** Days after which an account is deleted that has neither confirmed its address nor a project. */
export const UNCONFIRMED_DAYS = 30;
/** Most personal tokens of an account. */
export const MAX_TOKENS = 100;

const emailSchema = z.email().max(254).toLowerCase();
const passwordSchema = z
  .string()
  .min(MIN_PASSWORD_LENGTH)
  .max(MAX_PASSWORD_LENGTH)
  .refine((password) => !isCommonPassword(password), {
    params: { code: "password_too_common" },
    message: "This password is one of the most common. Choose another one, such as several unrelated words.",
  });

export const registerSchema = strict({
  email: emailSchema,
  password: passwordSchema,
  /** Default: the part of the address before the @. */
  name: z.string().trim().min(1).max(120).optional(),
  /** Secret of an invitation's link. If it was e-mailed to this address, the address is confirmed. */
  invitation: z.string().min(1).max(256).optional(),
});
export type Register = z.infer<typeof registerSchema>;

/** Who may create an account: nobody, invited people, addresses of some domains, everybody. */
export const signUpModeSchema = z.enum(["closed", "invite", "domains", "open"]);
export const signUpSchema = z.object({
  mode: signUpModeSchema,
  /** Of the mode `domains`, in lower case. */
  domains: z.array(z.string()),
  /** True before the first account, which may be made in every mode. */
  is_first: z.boolean(),
});
export type SignUp = z.infer<typeof signUpSchema>;

export const loginSchema = strict({
  email: emailSchema,
  password: z.string().min(1).max(MAX_PASSWORD_LENGTH),
});
export type Login = z.infer<typeof loginSchema>;

export const emailOnlySchema = strict({ email: emailSchema });
export const verifyEmailSchema = strict({
  token: z.string().min(1).max(2048),
});
export const resetPasswordSchema = strict({
  token: z.string().min(1).max(256),
  password: passwordSchema,
});

export const changePasswordSchema = strict({
  current_password: z.string().min(1).max(MAX_PASSWORD_LENGTH),
  password: passwordSchema,
});

export const userSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  email_verified: z.boolean(),
  created_at: z.number().int(),
});
export type User = z.infer<typeof userSchema>;

export const accessSchema = z.object({
  access_token: z.string(),
  token_type: z.literal("Bearer"),
  /** Seconds. */
  expires_in: z.number().int(),
  user: userSchema,
});
export type Access = z.infer<typeof accessSchema>;

export const meSchema = z.object({
  user: userSchema,
  organizations: z.array(organizationSchema),
});

export const authSessionSchema = z.object({
  id: z.string(),
  user_agent: z.string().nullable(),
  created_at: z.number().int(),
  expires_at: z.number().int(),
  /** True for the session of this request. */
  current: z.boolean(),
});
export type AuthSession = z.infer<typeof authSessionSchema>;

export const tokenCreateSchema = strict({
  name: z.string().trim().min(1).max(120),
  scopes: z
    .array(scopeSchema)
    .max(50)
    .min(1)
    .transform((scopes) => [...new Set(scopes)]),
});
export const tokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(scopeSchema),
  created_at: z.number().int(),
  /** Rounded to the hour; null when never used. */
  last_used_at: z.number().int().nullable(),
});
export type Token = z.infer<typeof tokenSchema>;
/** `token` is returned only once; only its hash is stored. */
export const tokenCreatedSchema = z.object({
  id: z.string(),
  token: z.string(),
});

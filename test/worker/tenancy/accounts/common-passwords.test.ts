import { describe, expect, it } from "vitest";
import { registerSchema, resetPasswordSchema } from "../../../../schema/wire/account";

describe("a new password", () => {
  const isAccepted = (password: string) =>
    registerSchema.safeParse({ email: "ada@example.com", password }).success &&
    resetPasswordSchema.safeParse({ token: "t", password }).success;

  it.each(["password", "PassWord1", "12345678", "qwertyuiop", "aaaaaaaa", "abababab"])(
    "is refused when it is one of the most common: %s",
    (password) => expect(isAccepted(password)).toBe(false),
  );

  it.each(["correct horse battery staple", "kpx4-uu0z", "passwords are long"])(
    "is accepted: %s",
    (password) => expect(isAccepted(password)).toBe(true),
  );
});

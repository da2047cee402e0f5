import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { emailDriver } from "../../../../../worker/outbound/notify";

const email = { to: "ada@example.com", subject: "Hello", text: "Hi", html: "<p>Hi</p>" };

test("sends a message in both forms, from the deployment's sender", async () => {
  const sent: unknown[] = [];
  const binding: SendEmail = {
    send: (message: unknown) => {
      sent.push(message);
      return env.EMAIL.send(message as Parameters<SendEmail["send"]>[0]);
    },
  };
  await emailDriver(binding, "stats@example.com").send(email);
  expect(sent).toEqual([{ from: { email: "stats@example.com", name: "Selvedge" }, ...email }]);
});

test("throws the platform's error", async () => {
  const binding: SendEmail = { send: () => Promise.reject(new Error("destination address is not verified")) };
  await expect(emailDriver(binding, "stats@example.com").send(email)).rejects.toThrow("not verified");
});

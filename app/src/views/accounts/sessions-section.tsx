/**
 * The sign-in sessions of the account.
 * @module
 */
import { createAsync, revalidate } from "@solidjs/router";
import { createSignal, For, type JSX, Show } from "solid-js";
import type { Problem } from "../../../../schema/wire/error";
import { endSignInSession, signInSessions } from "../../client/accounts";
import { dataOf, problemOf } from "../../client/http";
import { Button } from "../../ui/button";
import { ago } from "../../ui/format";
import { locale } from "../../ui/locale";
import { ProblemNotice } from "../../ui/problem";
import { Section } from "../../ui/section";

/** `Chrome on Linux` from a user agent; the start of the user agent when neither is recognized. */
export function agentWords(agent: string | null): string {
  if (!agent) return "Unknown browser";
  const browser = agent.match(/(Edg|OPR|Firefox|Chrome|Safari)\//)?.[1];
  const system = agent.match(/Windows|Android|iPhone|iPad|Mac OS X|CrOS|Linux/)?.[0];
  const name = { Edg: "Edge", OPR: "Opera" }[browser ?? ""] ?? browser;
  if (!name) return agent.slice(0, 40);
  return system ? `${name} on ${system === "Mac OS X" ? "macOS" : system}` : name;
}

/** The open sign-in sessions; each can be ended. */
export function SessionsSection(): JSX.Element {
  const found = createAsync(() => signInSessions(), { deferStream: true });
  const [problem, setProblem] = createSignal<Problem>();
  const list = () => dataOf(found())?.data ?? [];
  const end = async (id: string) => {
    const result = await endSignInSession(id);
    setProblem(problemOf(result));
    await revalidate(signInSessions.key);
  };
  return (
    <Section
      title="Sign-in sessions"
      about="Devices that are signed in. If you do not recognize one, sign it out and change your password."
    >
      <ProblemNotice problem={problem()} />
      <ul class="lines">
        <For each={list()}>
          {(session) => (
            <li>
              <div>
                <b>{agentWords(session.user_agent)}</b>
                <p class="small soft" title={session.user_agent ?? undefined}>
                  Signed in {ago(session.created_at, Date.now(), locale())}
                </p>
              </div>
              <Show when={!session.current} fallback={<span class="small soft">This device</span>}>
                <Button size="s" onClick={() => end(session.id)}>
                  Sign out
                </Button>
              </Show>
            </li>
          )}
        </For>
      </ul>
    </Section>
  );
}

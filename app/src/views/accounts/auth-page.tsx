/**
 * The cloth around sign-in: a form on ecru, the woven edge, and a field of denim.
 * @module
 */
import { Title } from "@solidjs/meta";
import type { JSX } from "solid-js";
import { Mark } from "../../ui/thread";

/** `title` names the page, `lead` says what it is for, `foot` leads elsewhere. */
export function AuthPage(props: {
  title: string;
  lead?: JSX.Element;
  foot?: JSX.Element;
  children: JSX.Element;
}): JSX.Element {
  return (
    <div class="auth">
      <Title>{props.title} · Selvedge</Title>
      <main class="auth-form" id="main">
        <a class="wordmark" href="/" aria-label="Selvedge">
          <Mark size={28} />
          <span>Selvedge</span>
        </a>
        <div class="auth-body">
          <h1>{props.title}</h1>
          <p class="soft auth-lead">{props.lead}</p>
          {props.children}
        </div>
        <p class="soft auth-foot">{props.foot}</p>
      </main>
      <aside class="denim" aria-hidden="true">
        <div class="denim-edge" />
        <div class="denim-field">
          <p>
            The edge
            <br />
            that does not
            <br />
            fray.
          </p>
          <p class="denim-words">Analytics without cookies, stored on your own edge, updated live.</p>
        </div>
      </aside>
    </div>
  );
}

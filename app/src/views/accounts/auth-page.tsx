/**
 * Layout of the sign-in pages: the form, and a brand panel beside it.
 * @module
 */
import { Title } from "@solidjs/meta";
import type { JSX } from "solid-js";
import { Logo } from "../../ui/brand";
import styles from "./accounts.module.css";

/** `title` is the heading and the document title, `lead` describes the form, `foot` links to another page. */
export function AuthPage(props: {
  title: string;
  lead?: JSX.Element;
  foot?: JSX.Element;
  children: JSX.Element;
}): JSX.Element {
  return (
    <div class={styles.auth}>
      <Title>{props.title} · Selvedge</Title>
      <main class={styles.authForm} id="main">
        <a class="wordmark" href="/" aria-label="Selvedge">
          <Logo size={28} />
          <span>Selvedge</span>
        </a>
        <div class={styles.authBody}>
          <h1>{props.title}</h1>
          <p class={`soft ${styles.authLead}`}>{props.lead}</p>
          {props.children}
        </div>
        <p class={`soft ${styles.authFoot}`}>{props.foot}</p>
      </main>
      <aside class={styles.brandPanel} aria-hidden="true">
        <div class={styles.brandEdge} />
        <div class={styles.brandField}>
          <p>
            Traffic,
            <br />
            ads and revenue
            <br />
            in one place.
          </p>
          <p class={styles.brandText}>Analytics without cookies or stored IP addresses, updated live.</p>
        </div>
      </aside>
    </div>
  );
}

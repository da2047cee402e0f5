/**
 * The layout of every signed-in page: striped edge, sidebar (a bottom bar on small screens), shortcuts.
 * @module
 */
import { A, useIsRouting, useNavigate, useParams } from "@solidjs/router";
import { createSignal, For, type JSX, lazy, Show, Suspense } from "solid-js";
import { RAILS, THEMES } from "../../primitives/choices";
import { createChoice } from "../../primitives/cookie";
import { createShortcuts } from "../../primitives/shortcuts";
import { Logo, StripedEdge } from "../../ui/brand";
import { Icon } from "../../ui/icon";
import { createFrame, FrameContext } from "./frame";
import { MorePlaces } from "./more-places";
import { NoticeBell } from "./notice-bell";
import { BAR_PLACES, placesOf } from "./places";
import styles from "./shell.module.css";

const ShortcutList = lazy(() => import("./shortcut-list"));

const THEME_ICON = { system: "system", light: "sun", dark: "moon" } as const;

/** Wraps a signed-in page. */
export function Shell(props: { children: JSX.Element }): JSX.Element {
  const frame = createFrame();
  const params = useParams<{ id?: string }>();
  const navigate = useNavigate();
  const routing = useIsRouting();
  const [theme, setTheme] = createChoice("theme", THEMES);
  const [rail, setRail] = createChoice("rail", RAILS);
  const [listing, setListing] = createSignal(false);
  const nextTheme = () => setTheme(THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length] ?? "system");
  createShortcuts(() => ({
    "?": () => setListing(!listing()),
    "g p": () => navigate("/projects"),
    "g a": () => navigate("/account"),
    "g o": () => params.id && navigate(`/projects/${params.id}`),
    "g d": () => params.id && navigate(`/projects/${params.id}/dashboards`),
    "g m": () => params.id && navigate(`/projects/${params.id}/metrics`),
    "g c": () => params.id && navigate(`/projects/${params.id}/sources`),
    "g s": () => params.id && navigate(`/projects/${params.id}/settings`),
    t: nextTheme,
    ...frame.shortcuts(),
  }));
  return (
    <FrameContext.Provider value={frame}>
      <a class={styles.skip} href="#main">
        Skip to content
      </a>
      <div class="edge">
        <StripedEdge moving={frame.arriving()} />
      </div>
      <Show when={routing()}>
        <div class={styles.routing} />
      </Show>
      <nav class={styles.rail} aria-label="Main">
        <a class="wordmark" href="/projects" aria-label="Selvedge: projects">
          <Logo />
          <span>Selvedge</span>
        </a>
        <ul>
          <For each={placesOf(params.id)}>
            {(place, index) => (
              <li data-rest={index() < BAR_PLACES ? undefined : ""}>
                <A href={place.href} end={place.end ?? false} class={styles.railLink} title={place.label}>
                  <Icon name={place.icon} />
                  <span>{place.label}</span>
                </A>
              </li>
            )}
          </For>
        </ul>
        <MorePlaces places={placesOf(params.id).slice(BAR_PLACES)}>
          <button class={styles.moreLink} type="button" onClick={nextTheme}>
            <Icon name={THEME_ICON[theme()]} />
            Theme: {theme()}
          </button>
        </MorePlaces>
        <div class={styles.railFoot}>
          <button class={styles.railLink} type="button" onClick={nextTheme} title={`Theme: ${theme()}`}>
            <Icon name={THEME_ICON[theme()]} />
            <span>Theme</span>
            <span class="visually-hidden">: {theme() === "system" ? "system" : theme()}</span>
          </button>
          <button
            class={`${styles.railLink} ${styles.railWide}`}
            type="button"
            onClick={() => setListing(true)}
            title="Shortcuts"
          >
            <Icon name="keyboard" />
            <span>Shortcuts</span>
          </button>
          <button
            class={`${styles.railLink} ${styles.railWide}`}
            type="button"
            onClick={() => setRail(rail() === "wide" ? "narrow" : "wide")}
            aria-expanded={rail() === "wide"}
            title={rail() === "wide" ? "Collapse sidebar" : "Expand sidebar"}
          >
            <Icon name="rail" />
            <span>Collapse</span>
          </button>
        </div>
      </nav>
      <div class="stage">{props.children}</div>
      <Show when={listing()}>
        <Suspense>
          <ShortcutList onClose={() => setListing(false)} />
        </Suspense>
      </Show>
    </FrameContext.Provider>
  );
}

/** The bar at the top of a page; its children are the page's controls. */
export function TopBar(props: { children: JSX.Element }): JSX.Element {
  const params = useParams<{ id?: string }>();
  return (
    <header class="top">
      {props.children}
      <Show when={params.id}>{(project) => <NoticeBell project={project()} />}</Show>
    </header>
  );
}

/** The page's content, the target of "Skip to content". */
export function Main(props: { children: JSX.Element; class?: string }): JSX.Element {
  return (
    <main id="main" tabindex="-1" class={`main ${props.class ?? ""}`}>
      {props.children}
    </main>
  );
}

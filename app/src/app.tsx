/**
 * The app: routes inside the head manager, with one place where loading and breakage are shown.
 * @module
 */
import { MetaProvider, Title } from "@solidjs/meta";
import { Router } from "@solidjs/router";
import { FileRoutes } from "@solidjs/start/router";
import { ErrorBoundary, type JSX, onMount, Suspense } from "solid-js";
import "./styles/index.css";
import { Breakage } from "./views/shell/breakage";
import { wake } from "./views/shell/early-press";

export default function App() {
  return (
    <Router
      root={(props) => (
        <MetaProvider>
          <Title>Selvedge</Title>
          <ErrorBoundary
            fallback={(error, reset) => (
              <>
                <Breakage error={error} retry={reset} />
                <Awake />
              </>
            )}
          >
            <Suspense>
              {props.children}
              <Awake />
            </Suspense>
          </ErrorBoundary>
        </MetaProvider>
      )}
    >
      <FileRoutes />
    </Router>
  );
}

/** Effects wait for what is still being loaded, so this one runs when the page beside it has been brought to life. */
function Awake(): JSX.Element {
  onMount(wake);
  return null;
}

/**
 * The app: routes with head tags, and one fallback for loading and errors.
 * @module
 */
import { MetaProvider, Title } from "@solidjs/meta";
import { Router } from "@solidjs/router";
import { FileRoutes } from "@solidjs/start/router";
import { ErrorBoundary, type JSX, onMount, Suspense } from "solid-js";
import "./styles/index.css";
import { Breakage } from "./views/shell/breakage";
import { replayEarlyPress } from "./views/shell/early-press";

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
                <Hydrated />
              </>
            )}
          >
            <Suspense>
              {props.children}
              <Hydrated />
            </Suspense>
          </ErrorBoundary>
        </MetaProvider>
      )}
    >
      <FileRoutes />
    </Router>
  );
}

/** An effect runs after pending data has loaded, that is, when the page is hydrated. */
function Hydrated(): JSX.Element {
  onMount(replayEarlyPress);
  return null;
}

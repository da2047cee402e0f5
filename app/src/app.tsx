/**
 * The app: routes inside the head manager, with one place where loading and breakage are shown.
 * @module
 */
import { MetaProvider, Title } from "@solidjs/meta";
import { Router } from "@solidjs/router";
import { FileRoutes } from "@solidjs/start/router";
import { ErrorBoundary, Suspense } from "solid-js";
import "./styles/index.css";
import { Breakage } from "./views/shell/breakage";

export default function App() {
  return (
    <Router
      root={(props) => (
        <MetaProvider>
          <Title>Selvedge</Title>
          <ErrorBoundary fallback={(error, reset) => <Breakage error={error} retry={reset} />}>
            <Suspense>{props.children}</Suspense>
          </ErrorBoundary>
        </MetaProvider>
      )}
    >
      <FileRoutes />
    </Router>
  );
}

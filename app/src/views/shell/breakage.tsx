/**
 * Error pages: unexpected error, not found, refused request.
 * @module
 */
import { Title } from "@solidjs/meta";
import { HttpStatusCode } from "@solidjs/start";
import type { JSX } from "solid-js";
import type { Problem } from "../../../../schema/wire/error";
import { Logo, StripedEdge } from "../../ui/brand";
import { Button, ButtonLink } from "../../ui/button";

function Lost(props: { title: string; children: JSX.Element; actions: JSX.Element }): JSX.Element {
  return (
    <>
      <Title>{props.title} · Selvedge</Title>
      <div class="edge">
        <StripedEdge />
      </div>
      <main id="main" class="lost">
        <Logo size={40} />
        <h1>{props.title}</h1>
        <p class="soft">{props.children}</p>
        <div class="form-foot">{props.actions}</div>
      </main>
    </>
  );
}

/** An unexpected error. */
export function Breakage(props: { error: unknown; retry: () => void }): JSX.Element {
  console.error(props.error);
  return (
    <>
      <HttpStatusCode code={500} />
      <Lost
        title="Something went wrong"
        actions={
          <>
            <Button kind="main" onClick={() => props.retry()}>
              Try again
            </Button>
            <ButtonLink href="/projects">Go to projects</ButtonLink>
          </>
        }
      >
        This is an error on our side. Your data is safe, and events are still being collected. Try again.
      </Lost>
    </>
  );
}

/** No page at this address. */
export function NotFound(): JSX.Element {
  return (
    <>
      <HttpStatusCode code={404} />
      <Lost
        title="Page not found"
        actions={
          <ButtonLink kind="main" href="/projects">
            Go to projects
          </ButtonLink>
        }
      >
        The address may be wrong, or the page was deleted, or you do not have access to it.
      </Lost>
    </>
  );
}

/** The data of the page was refused: shows the problem and what to do. */
export function Refused(props: { problem: Problem; retry: () => void }): JSX.Element {
  if (props.problem.status === 404) return <NotFound />;
  return (
    <Lost
      title={props.problem.title}
      actions={
        <>
          <Button kind="main" onClick={() => props.retry()}>
            Try again
          </Button>
          <ButtonLink href="/projects">Go to projects</ButtonLink>
        </>
      }
    >
      {props.problem.detail ?? "Nothing was changed. Events are still being collected."}
    </Lost>
  );
}

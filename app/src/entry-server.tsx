/**
 * Renders pages. Rendering waits for the data, so the first response contains the numbers.
 * @module
 */
import { createHandler, StartServer } from "@solidjs/start/server";
import { Document } from "./views/shell/document";

export default createHandler(
  () => (
    <StartServer
      document={(part) => (
        <Document assets={part.assets} scripts={part.scripts}>
          {part.children}
        </Document>
      )}
    />
  ),
  (event) => ({ mode: "async", nonce: event.locals.nonce }),
);

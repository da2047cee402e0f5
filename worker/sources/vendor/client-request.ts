/**
 * One HTTP request to a vendor, with its complete response.
 * @module
 */
import { MINUTE_MS } from "../../lib/time";
import { type Answer, type Call, SourceError } from "./driver";

/** Time limit of a complete response. */
const TIMEOUT_MS = MINUTE_MS;
/** Larger responses do not fit into a Worker's 128 MB together with what is parsed from them. */
const MAX_ANSWER_BYTES = 24 * 1024 * 1024;

/** `fetch`, or one that guards where it goes. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * Sends a call to a URL. Redirects are not followed: the next host must not see what signs the call.
 * @throws SourceError `unavailable` without an answer in time, `too_much` when it is too large. Messages name the host
 * alone, as paths can carry tokens.
 */
export async function sendCall(
  send: Fetch,
  url: string,
  call: Call,
  signed: Record<string, string>,
): Promise<{ answer: Answer; bytes: number }> {
  const { method = call.body === undefined ? "GET" : "POST", headers = {}, body } = call;
  const isJson = body !== undefined && typeof body !== "string";
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await send(url, {
      method,
      redirect: "manual",
      headers: { accept: "application/json", ...(isJson ? JSON_HEADERS : {}), ...headers, ...signed },
      body: isJson ? JSON.stringify(body) : body,
      signal,
    });
    const bytes = await readBytes(response);
    const answer = { status: response.status, headers: response.headers, body: parseBody(response, bytes) };
    return { answer, bytes: bytes.length };
  } catch (error) {
    if (error instanceof SourceError) throw error;
    const why = signal.aborted
      ? `no response within ${TIMEOUT_MS / 1000} s`
      : "the connection was interrupted";
    throw new SourceError("unavailable", `${new URL(url).host}: ${why}`);
  }
}

const JSON_HEADERS = { "content-type": "application/json" };

async function readBytes(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw new SourceError("too_much", "the response is too large");
    chunks.push(chunk);
  }
  // A connection that ends early is not an error everywhere; encoded bodies have another length than promised.
  const promised = response.headers.get("content-length");
  if (promised !== null && !response.headers.has("content-encoding") && Number(promised) !== size)
    throw new Error("the body is shorter than its content-length");
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** JSON by its type or its look: Meta calls it `text/javascript`. */
function parseBody(response: Response, bytes: Uint8Array): unknown {
  const text = new TextDecoder().decode(bytes);
  const isNamed = /json/i.test(response.headers.get("content-type") ?? "");
  if (text === "" || !(isNamed || /^\s*[[{]/.test(text))) return text;
  try {
    return JSON.parse(text);
  } catch (error) {
    // A successful answer that breaks off is none; a refusal may well be a page for people.
    if (isNamed && response.ok) throw error;
    return text;
  }
}

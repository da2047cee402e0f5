/**
 * One HTTP request to a vendor, with its complete response.
 * @module
 */
import { MINUTE_MS } from "../../lib/time";
import { type Answer, type Call, SourceError } from "./driver";

/** Time limit of a complete response. */
const TIMEOUT_MS = MINUTE_MS;
/** A Worker has 128 MB of memory for the response and the data parsed from it. */
const MAX_ANSWER_BYTES = 24 * 1024 * 1024;

/** `fetch`, or a version that restricts its targets. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * Sends a call to a URL. Redirects are not followed, because the next host must not receive the call's credentials. @throws
 * SourceError `unavailable` without a response in time, `too_much` when it is too large. Messages contain only the host,
 * because paths can contain tokens.
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
  // Not every runtime reports a truncated body as an error; encoded bodies have another length than declared.
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

/** Whether the body is JSON by its content type or its first character: Meta sends it as `text/javascript`. */
function parseBody(response: Response, bytes: Uint8Array): unknown {
  const text = new TextDecoder().decode(bytes);
  const isNamed = /json/i.test(response.headers.get("content-type") ?? "");
  if (text === "" || !(isNamed || /^\s*[[{]/.test(text))) return text;
  try {
    return JSON.parse(text);
  } catch (error) {
    // A truncated success is an error; an error response may be an HTML page.
    if (isNamed && response.ok) throw error;
    return text;
  }
}

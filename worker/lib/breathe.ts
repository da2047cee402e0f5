/**
 * Long work in an isolate that others use too.
 * @module
 */

/**
 * Lets whatever else waits in this isolate go first. An isolate serves many requests on one thread: between two steps of
 * long work this keeps the wait of a request to one step. Costs about a millisecond of waiting (timers of workerd are
 * whole milliseconds) and next to no processor time.
 */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

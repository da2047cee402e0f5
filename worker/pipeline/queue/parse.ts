/**
 * Reads the bodies of a delivery.
 * @module
 */
import { type Message, messageSchema } from "../../../schema/wire/message";
import { yieldControl } from "../../lib/yield";
import type { Part } from "./split";

/** A delivered message whose body was read. */
export interface Delivered {
  delivery: Part;
  message: Message;
}

/** A delivered message that this version of the Worker cannot read. */
export interface Unreadable {
  delivery: Part;
  reason: string;
}

/** Messages parsed between yields: some hundred events. */
const MESSAGES_A_STEP = 40;

/** Parses the bodies of messages. */
export async function parseDelivery(
  deliveries: readonly Part[],
): Promise<{ readable: Delivered[]; unreadable: Unreadable[] }> {
  const readable: Delivered[] = [];
  const unreadable: Unreadable[] = [];
  for (const [index, delivery] of deliveries.entries()) {
    if (index % MESSAGES_A_STEP === MESSAGES_A_STEP - 1) await yieldControl();
    const parsed = messageSchema.safeParse(delivery.body);
    if (parsed.success) {
      readable.push({ delivery, message: parsed.data });
      continue;
    }
    const [issue] = parsed.error.issues;
    const reason = `invalid message: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "unknown"}`;
    unreadable.push({ delivery, reason });
  }
  return { readable, unreadable };
}

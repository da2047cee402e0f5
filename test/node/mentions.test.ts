import fc from "fast-check";
import { expect, test } from "vitest";
import { partsOf } from "../../app/src/views/discussion/mention.ts";
import { mentionedIn, withoutIds } from "../../worker/workspace/discussion/mentions.ts";

const piece = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom(
    "@",
    "@[",
    "](",
    ")",
    "\n",
    " ",
    "https://x.example/",
    "@[Ada](u1)",
    "@[B C](u2)",
    "@[](u3)",
  ),
);
const bodies = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));

test("the people shown as mentioned are those who get e-mails", () => {
  fc.assert(
    fc.property(bodies, (body) => {
      const shown = partsOf(body).flatMap((part) => ("mention" in part ? part.mention.user_id : []));
      expect(mentionedIn(body)).toEqual([...new Set(shown)]);
    }),
    { numRuns: 5000 },
  );
});

test("a mention is shown as a name where it is not rendered", () => {
  expect(withoutIds("Hi @[Ada L](u1), see @[B](u2)!")).toBe("Hi @Ada L, see @B!");
});

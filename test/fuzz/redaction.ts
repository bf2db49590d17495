import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { LIMITS } from "../../shared/limits.ts";
import { redact, redactDeep, redactUpTo, redactWithin } from "../../shared/redact.ts";
import { anyText } from "./any-text.ts";
import { defineTarget } from "./target.ts";

/** A signature as storage makes them, in plain base64: what must not come out. */
const SIGNATURE = "dGhpc0lzQVNlY3JldFNpZ25hdHVyZVRoYXRJc0xvbmdFbm91Z2g";

/** Ways in which a secret stands in a text. */
const SECRETS = [
  `?sv=2025-11-05&sig=${SIGNATURE}`,
  `&amp;sig=${SIGNATURE}`,
  `%26sig%3D${SIGNATURE}`,
  `%2526sig%253D${SIGNATURE}`,
  `\\u0026sig=${SIGNATURE}`,
  `"sig":"${SIGNATURE}"`,
  `AccountKey=${SIGNATURE};`,
  `SharedAccessSignature=sv=1&sig=${SIGNATURE}`,
  `Bearer ${SIGNATURE}`,
  `https://arm.example/op?t=1&c=${SIGNATURE}&s=${SIGNATURE}`,
];

/** What may stand around a secret without joining it: hostile, long, and near to what a pattern knows. */
const surroundings = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "sig",
        "sig=",
        "?",
        "&",
        "%26",
        "-eyJ",
        "eyJ.",
        "\\",
        "\ud800",
        "💾",
        "\n",
        '"',
      ),
      anyText({ maxLength: 20 }),
      fc
        .tuple(fc.constantFrom("?sig=", "-eyJ", "%25", "\\u0026", "a", "&amp;"), fc.nat(2_000))
        .map(([part, times]) => part.repeat(times)),
    ),
    { maxLength: 4 },
  )
  .map((parts) => parts.join(""));

/** A text, and what stands in it that must not come out. */
export type RedactionCase = readonly [before: string, secret: string, after: string];

export const redactionCases: fc.Arbitrary<RedactionCase> = fc.tuple(
  surroundings,
  fc.constantFrom(...SECRETS),
  surroundings,
);

/** Whatever stands around a secret, it does not come out; what is redacted stays as it is. */
export function checkRedaction([before, secret, after]: RedactionCase): void {
  const text = `${before} ${secret} ${after}`;
  const redacted = redact(text);
  expectHidden(redacted);
  expectHidden(redactWithin(text, LIMITS.errorMessage));
  expectHidden(redactUpTo(text, before.length + secret.length - 10));
  expectHidden(JSON.stringify(redactDeep({ [text]: [text, { text }] })));
  deepStrictEqual(redact(redacted), redacted);
  for (const limit of [LIMITS.detailMessage, { ...LIMITS.detailMessage, limit: 40 }]) {
    const within = redactWithin(text, limit);
    ok(within.length <= limit.limit, `${within.length} characters of ${limit.limit}`);
    deepStrictEqual(redact(within), within);
  }
}

function expectHidden(text: string): void {
  // A part as long as this is a part of the signature and of nothing else.
  for (const part of [SIGNATURE.slice(0, 16), SIGNATURE.slice(16, 32)]) {
    ok(!text.includes(part), `a secret came out: ${text.slice(0, 300)}`);
  }
}

export const redaction = defineTarget("redaction", redactionCases, checkRedaction);

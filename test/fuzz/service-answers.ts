import { ok } from "node:assert/strict";
import fc from "fast-check";
import { readArmError } from "../../shared/azure/arm/arm-error.ts";
import { toFoundImage, toOperationStatus } from "../../shared/azure/arm/image-answers.ts";
import { toSourceFacts } from "../../shared/azure/arm/source-answers.ts";
import { ServiceError } from "../../shared/errors.ts";
import { makeImageRequest } from "../factories.ts";
import { createFakeApp, type FakeApp, SUBSCRIPTION } from "../fakes/app.ts";
import { anyText } from "./any-text.ts";
import { expectSoundRequest, SECRET } from "./expect-sound-request.ts";
import { defineTarget } from "./target.ts";

/** What the service says in the course of one request. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

const words = fc.oneof(
  fc.constantFrom("Succeeded", "Failed", "canceled", "InProgress", "TooManyRequests", "Conflict"),
  fc.constantFrom(
    `see https://x.example/op?t=1&s=${SECRET}${"0".repeat(20)}`,
    `Bearer ${SECRET}.abc`,
    "{",
    "\ud800",
  ),
  fc.constantFrom(`AccountKey=${SECRET};`, '{"error":{"code":"Inner","message":"m"}}', ""),
  anyText({ maxLength: 30 }),
  fc.constant("x".repeat(20_000)),
);

const { error } = fc.letrec<{ error: unknown; value: unknown }>((tie) => ({
  value: fc.oneof(words, fc.jsonValue({ maxDepth: 1 })),
  error: fc.oneof(
    { depthSize: "small", maxDepth: 12 },
    { weight: 1, arbitrary: tie("value") },
    {
      weight: 3,
      arbitrary: fc.record(
        {
          code: tie("value"),
          message: tie("value"),
          target: tie("value"),
          details: fc.oneof(fc.array(tie("error"), { maxLength: 2 }), tie("value")),
          innererror: tie("error"),
          error: tie("error"),
        },
        { requiredKeys: [] },
      ),
    },
  ),
}));

const documents = fc.oneof(
  error.map((value) => JSON.stringify(value)),
  error.map((value) => JSON.stringify({ error: value })),
  fc
    .tuple(words, error, words)
    .map(([status, value, id]) =>
      JSON.stringify({ status, error: value, id, properties: { provisioningState: status } }),
    ),
  fc.constantFrom(
    "",
    "null",
    "[]",
    "7",
    '"text"',
    "<html>",
    '{"status":7}',
    '{"id":{},"properties":7}',
  ),
  fc.constant(`${'{"error":'.repeat(5_000)}null${"}".repeat(5_000)}`),
  anyText({ maxLength: 60 }),
);

const headers = fc.dictionary(
  fc.constantFrom("retry-after", "retry-after-ms", "x-ms-retry-after-ms"),
  fc.oneof(
    fc.constantFrom("0", "5", "-1", "1e9", "Infinity", "Wed, 21 Oct 2099 07:28:00 GMT", "never"),
    fc.constant("9".repeat(400)),
    fc.string({ maxLength: 8 }),
  ),
);

export const answers: fc.Arbitrary<Answer> = fc.record({
  status: fc.constantFrom(
    200,
    201,
    202,
    204,
    301,
    307,
    400,
    401,
    403,
    404,
    409,
    410,
    429,
    500,
    503,
  ),
  headers,
  body: fc.option(documents),
});

const MANIFEST = {
  properties: {
    storageProfile: {
      osDisk: {
        osType: "Linux",
        osState: "Generalized",
        snapshot: {
          id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/snapshots/s`,
        },
      },
    },
  },
};

/** Whatever the service answers to the GET, the PUT and the polls, the request ends, and says how. */
export async function checkAnswers(script: readonly Answer[]): Promise<void> {
  const app = createFakeApp({ timing: { createDeadlineSeconds: 600 } });
  playAnswers(app, script);
  await app.uploadManifest("web.json", MANIFEST);
  await app.run();
  const { error: failure, image } = expectSoundRequest(app, "web.json");
  ok(failure === null || failure.message.length < 8_000, "the error is too long");
  ok(image?.id == null || typeof image.id === "string");
}

/** Puts the real readers of answers between the script and the stages. */
function playAnswers(app: FakeApp, script: readonly Answer[]): void {
  const rest = [...script];
  const { find, create, poll } = app.images;
  app.images.find = async (request) => {
    const next = rest.shift();
    if (next === undefined) return find(request);
    if (next.status >= 300) throw readArmError(next);
    return toFoundImage(request, next);
  };
  app.images.create = async (request) => {
    const next = rest.shift();
    if (next !== undefined && next.status >= 300) throw readArmError(next);
    return create(request);
  };
  app.images.poll = async (target, url) => {
    const next = rest.shift();
    return next === undefined ? poll(target, url) : toOperationStatus(next);
  };
}

/** What the readers throw is a ServiceError and nothing else. */
export function checkReaders(answer: Answer): void {
  for (const read of [
    readArmError,
    toOperationStatus,
    (given: Answer) => toFoundImage(makeImageRequest(), given),
    (given: Answer) => toSourceFacts("snapshot", given),
    (given: Answer) => toSourceFacts("virtualMachine", given),
  ]) {
    try {
      read(answer);
    } catch (thrown) {
      ok(thrown instanceof ServiceError, `it threw ${String(thrown)}`);
    }
  }
}

export const serviceAnswers = defineTarget(
  "service answers",
  fc.array(answers, { minLength: 1, maxLength: 6 }),
  async (script) => {
    script.forEach(checkReaders);
    await checkAnswers(script);
  },
);

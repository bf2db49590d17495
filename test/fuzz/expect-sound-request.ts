import { deepStrictEqual, match, ok } from "node:assert/strict";
import { toStatusView } from "../../shared/http/status-view.ts";
import { type RequestRecord, requestRecordSchema } from "../../shared/record/record.ts";
import { isTerminal } from "../../shared/record/states.ts";
import { redact } from "../../shared/redact.ts";
import { type FakeApp, SUBSCRIPTION } from "../fakes/app.ts";

/** Part of the signatures that are planted in cases; it must not appear anywhere. */
export const SECRET = "PLANTEDSECRET";

/** What a message of the status queue holds before it is written in base64. */
const MAX_EVENT_BYTES = 48 * 1024;

/** What must hold for every request when nothing is left to do, whatever was uploaded. */
export function expectSoundRequest(app: FakeApp, source: string): RequestRecord {
  const record = app.recordOf(source);
  requestRecordSchema.parse(record);
  ok(isTerminal(record.state), `it ended in the state ${record.state}`);
  deepStrictEqual(
    record.events.map(({ sequence }) => sequence),
    record.events.map((_, index) => index + 1),
  );
  if (record.state === "failed") expectPreciseError(record);
  expectNoSecret(app, record);
  for (const event of app.statusQueue.published) {
    ok(Buffer.byteLength(JSON.stringify(event)) <= MAX_EVENT_BYTES, "an event is too large");
  }
  for (const { id, body } of app.images.puts) expectAllowed(id, body);
  return record;
}

function expectPreciseError({ error, source }: RequestRecord): void {
  ok(error !== null && error.code !== "" && error.message !== "", "there is no error");
  ok(error.code !== "StepFailed", `the app itself broke: ${error.message}`);
  if (error.code !== "InvalidManifest") return;
  const hasPlace = /line \d+, column \d+: /.test(error.message);
  ok(
    hasPlace || / bytes; | characters in total; /.test(error.message),
    `no place in: ${error.message}`,
  );
  ok(
    error.message.startsWith(redact(source.name).slice(0, 20)),
    "the error does not name the manifest",
  );
}

function expectNoSecret(app: FakeApp, record: RequestRecord): void {
  const { request: _, ...told } = record;
  const shown = {
    view: toStatusView(record),
    events: app.statusQueue.published,
    log: redact(JSON.stringify(app.log.lines)),
    record: { error: told.error, events: told.events },
  };
  ok(!JSON.stringify(shown).includes(SECRET), "a planted secret came out");
}

/** The policy of the fake app, written a second time: one target, sources and blobs of its own only. */
function expectAllowed(id: string, body: unknown): void {
  const target = `/subscriptions/${SUBSCRIPTION}/resourceGroups/images-rg/providers/Microsoft.Compute/images/`;
  ok(id.toLowerCase().startsWith(target.toLowerCase()), `a PUT went to ${id}`);
  const text = JSON.stringify(body);
  for (const [, uri = ""] of text.matchAll(/"blobUri":"([^"]*)"/g)) {
    match(uri, /^https:\/\/own\.blob\.core\.windows\.net\/[^?#]+\.vhd$/i);
  }
  const source = new RegExp(
    `^/subscriptions/${SUBSCRIPTION}/resourceGroups/[^/%?#\\s]+/providers/Microsoft\\.Compute/[a-z]+/[^/%?#\\s]+$`,
    "i",
  );
  for (const [, resource = ""] of text.matchAll(/"id":"([^"]*)"/g)) match(resource, source);
}

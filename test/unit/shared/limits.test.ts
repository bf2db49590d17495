import { describe, expect, it } from "vitest";
import { failure } from "../../../shared/errors.ts";
import { toCloudEvent } from "../../../shared/events.ts";
import { seal } from "../../../shared/flow/end-request.ts";
import { readStatusQuery } from "../../../shared/http/status-query.ts";
import { findNameProblem } from "../../../shared/image/blob-name.ts";
import { createBlobLocator } from "../../../shared/image/blob-uri.ts";
import {
  type BoundedTextRule,
  DEFINITION_NAME,
  EDGE_ZONE,
  GALLERY_NAME,
  IMAGE_NAME,
  keepsRule,
  LOCATION,
  RESOURCE_GROUP,
  SUBSCRIPTION_ID,
  tagProblem,
} from "../../../shared/image/names.ts";
import { parseResourceId } from "../../../shared/image/resource-id.ts";
import { LIMITS } from "../../../shared/limits.ts";
import { findLimitBreach } from "../../../shared/manifest/limits.ts";
import { MANIFEST_RULES } from "../../../shared/manifest/rules.ts";
import { checkShape } from "../../../shared/manifest/shape.ts";
import { findExcessMetadata } from "../../../shared/metadata/vhd-metadata.ts";
import { boundFailure } from "../../../shared/record/bound-failure.ts";
import { fitRecord } from "../../../shared/record/fit-record.ts";
import { startPage } from "../../../shared/record/page.ts";
import { findRecordSizeProblem } from "../../../shared/record/record-size.ts";
import { enter } from "../../../shared/record/transitions.ts";
import { findUnreadManifests } from "../../../shared/stages/unread-manifests.ts";
import {
  ACCOUNT_URL,
  CONTAINER,
  makeEvent,
  makeOutput,
  makeRecord,
  makeTiming,
  NOW,
} from "../../factories.ts";
import { createFakeApp } from "../../fakes/app.ts";

type Name = keyof typeof LIMITS;
type Probe = (size: number) => boolean | Promise<boolean>;

const text = (size: number): string => "a".repeat(size);
const locator = createBlobLocator(ACCOUNT_URL, CONTAINER);
const detail = { code: "A", message: "b", target: null };
const plain = { code: "A", message: "b", fix: null };

/** Whether a part of a failure stays whole. */
function keeps(parts: Partial<ReturnType<typeof failure>>): boolean {
  const whole = failure({ ...plain, ...parts });
  return JSON.stringify(boundFailure(whole)) === JSON.stringify(whole);
}

/** Whether a record is saved as it is, and not as one that has ended because of its size. */
function isSavedWhole(record: ReturnType<typeof makeRecord>): boolean {
  return fitRecord(record, { now: NOW, timing: makeTiming() }) === record;
}

/** Whether a text of a size keeps a rule. What is too long is not compared with the pattern at all. */
function keepsUntouched(rule: BoundedTextRule): Probe {
  return (size) => {
    const pattern = new RegExp(rule.pattern);
    let compared = false;
    pattern.test = (given) => {
      compared = true;
      return rule.pattern.test(given);
    };
    const isKept = keepsRule(text(size), { ...rule, pattern });
    expect(compared).toBe(isKept);
    return isKept;
  };
}

/** Per limit, whether something of a size is taken, or kept, whole. */
const PROBES: Readonly<Record<Name, Probe>> = {
  manifestBytes: async (size) => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", " ".repeat(size));
    await app.run();
    return !(app.recordOf("web.json").error?.message ?? "").includes("at most");
  },
  manifestDepth: (size) => findLimitBreach("[".repeat(size) + "]".repeat(size)) === null,
  manifestTokens: (size) => findLimitBreach("0 ".repeat(size)) === null,
  manifestKey: (size) => {
    const key = text(size);
    let compared = false;
    const { toLowerCase } = String.prototype;
    String.prototype.toLowerCase = function lower(this: string) {
      compared ||= String(this) === key;
      return toLowerCase.call(this);
    };
    try {
      checkShape({ [key]: 1 });
    } finally {
      String.prototype.toLowerCase = toLowerCase;
    }
    return compared;
  },
  blobName: (size) => findNameProblem(text(size)) === null,
  blobUri: (size) => {
    const located = locator.locate(`${ACCOUNT_URL}/c/`.padEnd(size, "?"));
    return located.kind === "invalid" && !located.reason.includes("at most");
  },
  resourceId: (size) => {
    const start = "/subscriptions/a/resourceGroups/b/providers/Microsoft.Compute/disks/";
    return parseResourceId(start.padEnd(size, "a")) !== null;
  },
  metadata: (size) => findExcessMetadata({ ab: text(size - 2) }) === null,
  metadataEntries: (size) => {
    const entries = Array.from({ length: size }, (_, index) => [`k${index}`, ""]);
    return findExcessMetadata(Object.fromEntries(entries)) === null;
  },
  imageName: (size) =>
    keepsUntouched(IMAGE_NAME)(size) &&
    keepsUntouched(GALLERY_NAME)(size) &&
    keepsUntouched(DEFINITION_NAME)(size),
  resourceGroup: keepsUntouched(RESOURCE_GROUP),
  subscriptionId: (size) => {
    const id = "11111111-1111-4111-8111-111111111111";
    return size < id.length || keepsRule(id.padEnd(size, "1"), SUBSCRIPTION_ID);
  },
  region: (size) => keepsUntouched(LOCATION)(size) && keepsUntouched(EDGE_ZONE)(size),
  tags: (size) => {
    const tags = Object.fromEntries(Array.from({ length: size }, (_, index) => [`t${index}`, ""]));
    return (
      MANIFEST_RULES.flatMap((rule) =>
        rule.check({ tags, properties: { sourceVirtualMachine: {} } }),
      ).length === 0
    );
  },
  tagName: (size) => tagProblem(text(size), "") === null,
  tagValue: (size) => tagProblem("a", text(size)) === null,
  record: (size) => {
    const record = makeRecord({ warnings: [""] });
    const { length } = JSON.stringify(record);
    return findRecordSizeProblem({ ...record, warnings: [text(size - length)] }, "A") === null;
  },
  savedRecord: (size) => {
    const record = makeRecord({ warnings: [""] });
    const { length } = JSON.stringify(record);
    return isSavedWhole({ ...record, warnings: [text(size - length)] });
  },
  events: (size) => {
    const events = Array.from({ length: size }, (_, index) => makeEvent({ sequence: index + 1 }));
    return isSavedWhole(makeRecord({ events }));
  },
  operationUrl: (size) => {
    const operation = { url: text(size), submittedAt: NOW.toISOString() };
    const sealed = seal(makeRecord({ outputs: [makeOutput({ operation })] }));
    return sealed.outputs[0]?.operation?.url !== null;
  },
  statusPage: (size) => {
    try {
      return readStatusQuery(new URLSearchParams({ limit: String(size) })).limit === size;
    } catch {
      return false;
    }
  },
  statusPageBytes: (size) => {
    const half = makeRecord();
    const { length } = JSON.stringify(half);
    const page = startPage();
    page.add(half);
    return page.add({ ...half, requestId: half.requestId.padEnd(size - 2 * length + 20, "a") });
  },
  queueMessage: (size) => {
    const event = makeEvent({ message: "" });
    const { length } = JSON.stringify(toCloudEvent(makeRecord(), event, "own"));
    const message = text(size - length);
    const { data } = toCloudEvent(makeRecord(), { ...event, message }, "own");
    return (data as { message: string }).message === message;
  },
  lateManifests: async (size) => {
    const app = createFakeApp();
    for (let index = 0; index < size; index += 1) {
      app.blobs.putText({ container: "uploads", name: `${index}.json` }, "{}");
    }
    let lookedUp = 0;
    const get = async () => {
      lookedUp += 1;
      return null;
    };
    const records = { ...app.records, get };
    const surroundings = { container: "uploads", writtenBy: app.clock.now(), neighbors: [] };
    await findUnreadManifests(surroundings, { ...app.context, records });
    return lookedUp === size;
  },
  eventMessage: (size) => {
    const moment = { now: NOW, timing: makeTiming() };
    const { events } = enter(makeRecord(), "waiting", text(size), moment);
    return events.at(-1)?.message === text(size);
  },
  errorCode: (size) => keeps({ code: text(size) }),
  errorMessage: (size) => keeps({ message: text(size) }),
  errorFix: (size) => keeps({ fix: text(size) }),
  errorTarget: (size) =>
    keeps({ target: text(size), details: [{ ...detail, target: text(size) }] }),
  detailMessage: (size) => keeps({ details: [{ ...detail, message: text(size) }] }),
  details: (size) => keeps({ details: Array.from({ length: size }, () => detail) }),
};

describe.each(Object.keys(PROBES) as Name[])("the limit %s", (name) => {
  const { limit } = LIMITS[name];

  it.each([
    { size: limit - 1, isTaken: true },
    { size: limit, isTaken: true },
    { size: limit + 1, isTaken: false },
  ])("takes $size: $isTaken", async ({ size, isTaken }) => {
    expect(await PROBES[name](size)).toBe(isTaken);
  });
});

it("the texts of a failure that are cut say so, and hold no half of a secret", () => {
  const message = `${"x".repeat(LIMITS.errorMessage.limit - 10)} eyJ${"a".repeat(900)}.b.c ${"y".repeat(20_000)}`;

  const kept = boundFailure(failure({ ...plain, message })).message;

  expect(kept).toHaveLength(LIMITS.errorMessage.limit);
  expect(kept.endsWith("…")).toBe(true);
  expect(kept).not.toContain("eyJ");
});

import { expect, test } from "vitest";
import { audit } from "../../../../local/chaos/audit.ts";
import { AUDIT_RULES } from "../../../../local/chaos/audit-rules.ts";
import { type Evidence, joinEvidence } from "../../../../local/chaos/evidence.ts";
import {
  addConversion,
  createEvidence,
  type EvidenceParts,
  FOREIGN_ID,
  VERSION_ID,
} from "./sample-evidence.ts";

function findingsOf(change: (parts: EvidenceParts) => Partial<Evidence>): Record<string, number> {
  const parts = createEvidence();
  const { findings } = audit(joinEvidence({ ...parts, ...change(parts) }, "uploads"));
  return Object.fromEntries(
    Object.entries(findings)
      .filter(([, lines]) => lines.length > 0)
      .map(([name, lines]) => [name, lines.length]),
  );
}

test("a run in which all went well passes, and is counted", () => {
  const { ok, figures } = audit(joinEvidence(createEvidence(), "uploads"));
  expect(ok).toBe(true);
  expect(figures).toMatchObject({
    uploads: 2,
    requests: 2,
    succeeded: 1,
    canceled: 1,
    images: 1,
    versions: 1,
    effectivePuts: 1,
  });
});

/** Before the sample's VHD was created. */
const CREATED_BEFORE = "2025-12-31T23:59:00.000Z";

const BREACHES: Record<string, (parts: EvidenceParts) => Partial<Evidence>> = {
  lostUploads: ({ requests, events }) => ({
    requests: requests.filter(({ kind }) => kind === "manifest"),
    events: events.filter(({ data }) => data.requestId === requests[0]?.requestId),
  }),
  strayRequests: ({ requests, manifest }) => ({
    requests: [...requests, { ...manifest, requestId: "nobody", outputs: [], events: [] }],
  }),
  openRequests: ({ requests, vhd }) => ({
    requests: requests.map((request) =>
      request === vhd
        ? { ...request, state: "waiting", events: request.events.slice(0, 2) }
        : request,
    ),
    events: createEvidence().events.filter(
      ({ data }) => data.requestId !== vhd.requestId || data.state !== "canceled",
    ),
  }),
  unexpectedEnds: ({ plan }) => ({
    plan: {
      ...plan,
      uploads: plan.uploads.map((upload) =>
        upload.kind === "vhd"
          ? { ...upload, expected: { ...upload.expected, ends: [{ state: "failed" }] } }
          : upload,
      ),
    },
  }),
  missingImages: () => ({ images: [] }),
  wrongBodies: ({ exchanges }) => ({
    exchanges: exchanges.map((exchange) => ({ ...exchange, body: { location: "eastus" } })),
  }),
  earlyPuts: ({ outcomes }) => ({
    outcomes: outcomes.map((outcome) => ({
      ...outcome,
      lastWriteAt: new Date("2026-01-01T01:00Z"),
    })),
  }),
  strayImages: ({ images }) => ({
    images: images.flatMap((image) => [image, { ...image, name: "nobodys" }]),
  }),
  repeatedPuts: ({ exchanges }) => ({ exchanges: [...exchanges, ...exchanges.slice(0, 1)] }),
  missingVersions: ({ versions }) => ({
    versions: versions.map((version) => ({ ...version, tags: {} })),
  }),
  strayVersions: ({ versions }) => ({
    versions: [
      ...versions,
      ...versions.map((it) => ({ ...it, id: it.id.replace("1.0.6", "1.0.7") })),
    ],
  }),
  repeatedVersionPuts: ({ exchanges }) => ({
    exchanges: [...exchanges, ...exchanges.filter(({ url }) => url.includes(VERSION_ID))],
  }),
  sharedNumbers: ({ exchanges, vhd }) => ({
    exchanges: [
      ...exchanges,
      // Another request begins to change the version: no second PUT of the same kind.
      ...exchanges
        .filter(({ url }) => url.includes(VERSION_ID))
        .map((it) => ({
          ...it,
          method: "PATCH",
          body: { tags: { "vhd-to-image-record": vhd.requestId } },
        })),
    ],
  }),
  touchedForeign: ({ foreign }) => ({
    foreign: foreign.map((it) => ({ ...it, after: undefined })),
  }),
  wrongContents: (parts) => {
    const changed = addConversion(parts);
    return { ...changed, converted: changed.converted.map((it) => ({ ...it, sha256: "other" })) };
  },
  strayTargets: () => ({ converted: [{ name: "nobodys", isComplete: true, sha256: "" }] }),
  missingEvents: ({ events }) => ({ events: events.slice(1) }),
  strayEvents: ({ events }) => ({
    events: [...events, ...events.slice(0, 1).map((event) => ({ ...event, sequence: "00000099" }))],
  }),
  workLeft: () => ({ workMessages: 1 }),
  unexplainedPoison: ({ manifest }) => ({
    poison: [JSON.stringify({ requestId: manifest.requestId, step: 4 })],
  }),
};

test("there is a breach for every rule", () => {
  expect(Object.keys(BREACHES)).toEqual(AUDIT_RULES.map(({ name }) => name));
});

test.each(Object.entries(BREACHES))("%s: found, and nothing else", (name, change) => {
  expect(findingsOf(change)).toEqual({ [name]: 1 });
});

test("events that come twice, answers that were lost and PUTs without effect are not a breach", () => {
  const found = findingsOf(({ events, exchanges }) => ({
    events: [...events, ...events],
    exchanges: [
      ...exchanges.map((exchange) => ({ ...exchange, startedOperation: false })),
      ...exchanges.map((exchange) => ({ ...exchange, status: null })),
    ],
  }));
  expect(found).toEqual({});
});

test("a PUT after its disk was overwritten is found", () => {
  const found = findingsOf(({ plan, outcomes }) => {
    const vhd = plan.uploads.find(({ kind }) => kind === "vhd");
    const outcome = outcomes.find(({ id }) => id === vhd?.id);
    if (vhd === undefined || outcome === undefined) throw new Error("the sample has a VHD");
    const again = { ...vhd, id: "again" };
    const lastWriteAt = new Date(outcome.lastWriteAt.getTime() + 1);
    const later = { ...outcome, id: "again", version: "2026-01-01T00:00:05.000Z", lastWriteAt };
    return {
      plan: { ...plan, uploads: [...plan.uploads, again] },
      outcomes: [...outcomes, later],
    };
  });
  // The new upload has no request of its own: it is lost as well.
  expect(found).toEqual({ earlyPuts: 1, lostUploads: 1 });
});

test("a replaced upload may go unseen, the one that replaced it may not", () => {
  const found = findingsOf(({ plan, outcomes, requests, vhd, events }) => {
    const [first, second] = outcomes;
    if (first === undefined || second === undefined) throw new Error("the sample has two uploads");
    return {
      plan: {
        ...plan,
        uploads: [...plan.uploads, ...plan.uploads.slice(1).map((it) => ({ ...it, id: "before" }))],
      },
      outcomes: [
        ...outcomes,
        { ...second, id: "before", version: CREATED_BEFORE, lastWriteAt: new Date(CREATED_BEFORE) },
      ],
      requests: requests.filter((request) => request !== vhd),
      events: events.filter(({ data }) => data.requestId !== vhd.requestId),
    };
  });
  expect(found).toEqual({ lostUploads: 1 });
});

test("a disk that was converted correctly passes, one that is unfinished after the end does not", () => {
  expect(findingsOf(addConversion)).toEqual({});
  const unfinished = findingsOf((parts) => {
    const changed = addConversion(parts);
    return {
      ...changed,
      converted: [...changed.converted].map((it) => ({ ...it, isComplete: false })),
    };
  });
  expect(unfinished).toEqual({ wrongContents: 1, strayTargets: 1 });
});

test.each(["PUT", "PATCH", "DELETE"])("%s of somebody else's version is found", (method) => {
  const found = findingsOf(({ exchanges, manifest }) => ({
    exchanges: [
      ...exchanges,
      ...exchanges.slice(0, 1).map((it) => ({
        ...it,
        method,
        url: `https://127.0.0.1:2${FOREIGN_ID}?api-version=2025-12-03`,
        body: method === "DELETE" ? null : { tags: { "vhd-to-image-record": manifest.requestId } },
      })),
    ],
  }));
  expect(found).toEqual({ touchedForeign: 1 });
});

test("one number for two requests is found where they report it", () => {
  const found = findingsOf(({ requests, manifest, vhd }) => ({
    requests: requests.map((request) =>
      request === vhd ? { ...request, outputs: manifest.outputs } : request,
    ),
  }));
  expect(found).toEqual({ sharedNumbers: 1 });
});

test.each([
  ["another series", { definition: "next", number: "3.auto" }],
  ["another definition", { definition: "fixed", number: "auto" }],
])("a version of %s than was requested is found", (_, version) => {
  const found = findingsOf(({ plan }) => ({
    plan: {
      ...plan,
      uploads: plan.uploads.map((upload) =>
        upload.kind === "manifest"
          ? { ...upload, expected: { ...upload.expected, version } }
          : upload,
      ),
    },
  }));
  expect(found).toEqual({ missingVersions: 1 });
});

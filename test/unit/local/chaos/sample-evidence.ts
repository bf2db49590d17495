import type { Evidence } from "../../../../local/chaos/evidence.ts";
import type { PlannedImage, PlannedUpload } from "../../../../local/chaos/plan.ts";
import type { StatusView } from "../../../../shared/http/status-view.ts";
import { requestIdOf } from "../../../../shared/record/identity.ts";
import type { RequestState } from "../../../../shared/record/states.ts";

/** A run of one manifest and its VHD in which all went well. */
export type EvidenceParts = Evidence & {
  readonly manifest: StatusView;
  readonly vhd: StatusView;
};

const CREATED_ON = "2026-01-01T00:00:00.000Z";
const ETAG = '"0x1"';
const UPLOADS_URL = "http://127.0.0.1:1/devstoreaccount1/uploads";
const SUBSCRIPTION = "00000000-0000-4000-8000-000000000001";
const IMAGE_ID = `/subscriptions/${SUBSCRIPTION}/resourceGroups/images-rg/providers/Microsoft.Compute/images/web`;

const GALLERY = `/subscriptions/${SUBSCRIPTION}/resourceGroups/images-rg/providers/Microsoft.Compute/galleries/chaos`;
export const VERSION_ID = `${GALLERY}/images/next/versions/1.0.6`;
export const FOREIGN_ID = `${GALLERY}/images/next/versions/1.0.5`;
const FOREIGN = {
  name: "1.0.5",
  id: FOREIGN_ID,
  tags: { owner: "somebody else" },
  properties: { provisioningState: "Succeeded" },
};

const IMAGE: PlannedImage = {
  name: "web",
  body: {
    location: "westus",
    properties: { storageProfile: { osDisk: { osType: "Linux", blobUri: "web-os.vhd" } } },
  },
  disks: ["disk"],
};

const UPLOADS: readonly PlannedUpload[] = [
  {
    kind: "manifest",
    id: "manifest",
    at: 0,
    blob: "web.json",
    text: "{}",
    expected: {
      ends: [{ state: "succeeded" }],
      image: IMAGE,
      version: { definition: "next", number: "1.auto" },
    },
  },
  {
    kind: "vhd",
    id: "disk",
    at: 10,
    blob: "web-os.vhd",
    sample: "linux-gen2",
    sizeMib: 512,
    uuid: "11111111-2222-4333-8444-555555555555",
    metadata: {},
    order: "ascending",
    pausesMs: [],
    isAbandoned: false,
    expected: { ends: [{ state: "canceled" }], image: null },
  },
];

/** Returns the evidence afresh. */
export function createEvidence(): EvidenceParts {
  const manifestId = requestIdOf({
    kind: "manifest",
    container: "uploads",
    name: "web.json",
    etag: ETAG,
  });
  const vhdId = requestIdOf({
    kind: "vhd",
    container: "uploads",
    name: "web-os.vhd",
    createdOn: new Date(CREATED_ON),
  });
  const manifest = describe(
    { requestId: manifestId, kind: "manifest", source: "web.json" },
    ["received", "waiting", "submitting", "creating", "succeeded"],
    IMAGE_ID,
    [{ kind: "galleryVersion", state: "succeeded", id: VERSION_ID, error: null }],
  );
  const vhd = describe({ requestId: vhdId, kind: "vhd", source: "web-os.vhd" }, [
    "received",
    "waiting",
    "canceled",
  ]);
  const requests = [manifest, vhd];
  return {
    plan: {
      seed: 1,
      activityMs: 1_000,
      waitDeadlineSeconds: 40,
      uploads: UPLOADS,
      kills: [],
      serviceFaults: [],
      storageFaults: [],
      hostFaults: [],
    },
    outcomes: [
      { id: "manifest", beganAt: new Date(0), lastWriteAt: new Date(0), version: ETAG },
      {
        id: "disk",
        beganAt: new Date("2026-01-01T00:00:00Z"),
        lastWriteAt: new Date("2026-01-01T00:00:10Z"),
        version: CREATED_ON,
      },
    ],
    requests,
    exchanges: [
      {
        receivedAt: "2026-01-01T00:00:20.000Z",
        method: "PUT",
        url: `https://127.0.0.1:2${IMAGE_ID}?api-version=2026-04-01`,
        headers: {},
        body: {
          location: "westus",
          properties: {
            storageProfile: { osDisk: { osType: "Linux", blobUri: `${UPLOADS_URL}/web-os.vhd` } },
          },
        },
        status: 201,
        responseHeaders: {},
        responseBody: {},
        startedOperation: true,
      },
      putVersion(FOREIGN_ID, { owner: "somebody else" }),
      putVersion(VERSION_ID, { "vhd-to-image-record": manifestId }),
    ],
    images: [{ name: "web", id: IMAGE_ID, properties: { provisioningState: "Succeeded" } }],
    versions: [
      FOREIGN,
      {
        ...FOREIGN,
        name: "1.0.6",
        id: VERSION_ID,
        tags: { "vhd-to-image-record": manifestId },
      },
    ],
    foreign: [{ id: FOREIGN_ID, before: FOREIGN, after: { ...FOREIGN } }],
    converted: [],
    contents: {},
    events: requests.flatMap(({ requestId, events }) =>
      events.map(({ state }, index) => ({
        id: `${requestId}-${index + 1}`,
        sequence: String(index + 1).padStart(8, "0"),
        data: { requestId, state },
      })),
    ),
    workMessages: 0,
    poison: [],
    uploadsUrl: UPLOADS_URL,
    manifest,
    vhd,
  };
}

function describe(
  basics: Pick<StatusView, "requestId" | "kind" | "source">,
  states: readonly RequestState[],
  id: string | null = null,
  outputs: StatusView["outputs"] = [],
): StatusView {
  const at = "2026-01-01T00:00:30.000Z";
  return {
    ...basics,
    state: states.at(-1) ?? "received",
    image: {
      name: "web",
      resourceGroup: "images-rg",
      subscriptionId: SUBSCRIPTION,
      location: "westus",
      id,
    },
    outputs,
    disks: [],
    warnings: [],
    error: null,
    retrying: null,
    retryOf: null,
    retriedBy: null,
    createdAt: at,
    updatedAt: at,
    completedAt: at,
    events: states.map((state) => ({ at, state, message: state })),
  };
}

function putVersion(
  id: string,
  tags: Readonly<Record<string, string>>,
): Evidence["exchanges"][number] {
  return {
    receivedAt: "2026-01-01T00:00:21.000Z",
    method: "PUT",
    url: `https://127.0.0.1:2${id}?api-version=2025-12-03`,
    headers: {},
    body: { location: "westus", tags },
    status: 201,
    responseHeaders: {},
    responseBody: {},
    startedOperation: true,
  };
}

/** The same run with a disk in another format, which is converted as planned. */
export function addConversion(
  parts: EvidenceParts,
): Pick<Evidence, "requests" | "exchanges" | "contents" | "converted"> {
  const { requests, exchanges, manifest } = parts;
  const url = UPLOADS_URL.replace(/uploads$/, "converted/target.vhd");
  const disk: StatusView["disks"][number] = {
    role: "os",
    blob: "web-os.vhd",
    state: "complete",
    detail: null,
    inspection: null,
    warnings: [],
    conversion: {
      from: "qcow2",
      to: "converted/target.vhd",
      mode: "server-side",
      bytesTotal: 1,
      bytesDone: 1,
      percent: 100,
      secondsLeft: 0,
    },
  };
  return {
    requests: requests.map((it) => (it === manifest ? { ...it, disks: [disk] } : it)),
    exchanges: exchanges.map((it) => ({
      ...it,
      body: JSON.parse(
        JSON.stringify(it.body).replace(`${UPLOADS_URL}/web-os.vhd`, url),
      ) as unknown,
    })),
    contents: { disk: "right" },
    converted: [{ name: "target.vhd", isComplete: true, sha256: "right" }],
  };
}

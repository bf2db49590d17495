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
    expected: { ends: [{ state: "succeeded" }], image: IMAGE },
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
    ],
    images: [{ name: "web", id: IMAGE_ID, properties: { provisioningState: "Succeeded" } }],
    versions: [],
    foreign: [],
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
    outputs: [],
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

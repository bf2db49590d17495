import type { RequestState } from "../../shared/record/states.ts";
import type { StorageFaults } from "../fault-proxy/index.ts";
import type { HostFaults } from "../functions-host/faults.ts";
import type { SampleName } from "../sample-vhds/index.ts";

/** Everything that a run is going to do. All times are milliseconds from its start. */
export type Plan = {
  readonly seed: number;
  /** When uploads, kills and faults are over, except for uploads that are under way. */
  readonly activityMs: number;
  /** For how long a request waits for an upload that does not end, in seconds. */
  readonly waitDeadlineSeconds: number;
  readonly uploads: readonly PlannedUpload[];
  readonly kills: readonly PlannedKill[];
  readonly serviceFaults: readonly PlannedServiceFault[];
  readonly storageFaults: readonly { readonly at: number; readonly faults: StorageFaults }[];
  readonly hostFaults: readonly {
    readonly at: number;
    readonly instance: number;
    readonly faults: HostFaults;
  }[];
};

/** One blob to upload, and what has to come of it. */
export type PlannedUpload = PlannedManifest | PlannedVhd | PlannedDisk;

type UploadBasics = {
  /** Unique within the plan. */
  readonly id: string;
  readonly at: number;
  readonly blob: string;
  readonly expected: Expectation;
};

export type PlannedManifest = UploadBasics & { readonly kind: "manifest"; readonly text: string };

export type PlannedVhd = UploadBasics & {
  readonly kind: "vhd";
  readonly sample: SampleName;
  readonly sizeMib: number;
  readonly uuid: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** `ascending` ends with the footer; `shuffled` may write it at any time. */
  readonly order: "ascending" | "shuffled";
  /** Pauses between groups of pages, in milliseconds. */
  readonly pausesMs: readonly number[];
  /** Whether the uploader dies before the last group. */
  readonly isAbandoned: boolean;
};

/** A disk in another format, which is uploaded at once as a block blob. */
export type PlannedDisk = UploadBasics & {
  readonly kind: "disk";
  readonly format: "dynamic-vhd" | "qcow2";
  readonly sizeMib: number;
  readonly uuid: string;
  readonly metadata: Readonly<Record<string, string>>;
};

/** How a request may end. */
export type End = {
  readonly state: Extract<RequestState, "succeeded" | "failed" | "canceled">;
  /** Error codes that a failure may have; any unless given. */
  readonly codes?: readonly string[];
};

export type Expectation = {
  readonly ends: readonly End[];
  /** The image of a request that succeeds; null if it must not. */
  readonly image: PlannedImage | null;
  /** The image version of a request that succeeds; none unless given. */
  readonly version?: PlannedVersion;
};

export type PlannedVersion = {
  readonly definition: string;
  /** As it is requested: `7.0.3`, `1.auto`, `auto`. */
  readonly number: string;
};

export type PlannedImage = {
  readonly name: string;
  /** The body of the PUT, with names of blobs in the uploads container in place of their URIs. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Ids of the uploads that it is made from. */
  readonly disks: readonly string[];
};

/** `now`, or when a run of the function starts, or has ended and is not yet settled. */
export type KillMoment = "now" | { readonly function: string; readonly at: "start" | "end" };

export type PlannedKill = {
  readonly at: number;
  readonly instance: number;
  readonly moment: KillMoment;
};

/** A fault as `POST /_simulator/faults` takes it. */
export type PlannedServiceFault = { readonly at: number; readonly fault: ServiceFault };

export type ServiceFault = Readonly<Record<string, string | number>>;

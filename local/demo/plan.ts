import type { OpenSource } from "../../cli/upload/index.ts";

/** What one blob holds. */
export type DemoContent =
  | { readonly kind: "manifest"; readonly body: unknown }
  | {
      readonly kind: "vhd";
      readonly open: () => Promise<OpenSource>;
      readonly metadata?: Readonly<Record<string, string>>;
    }
  | {
      /** A disk in another format: a block blob, which the app converts. */
      readonly kind: "file";
      readonly open: () => Promise<OpenSource>;
      readonly metadata?: Readonly<Record<string, string>>;
    };

/** One upload; they are done in the order of the plan. */
export type DemoUpload = {
  readonly blob: string;
  readonly content: DemoContent;
  /** Holds this upload back until its request is seen waiting for it. */
  readonly awaited?: true;
};

/** One request for an image, and how it has to end. */
export type DemoRequest = {
  /** Name of the blob that makes the request: a manifest, or a VHD without one. */
  readonly source: string;
  readonly title: string;
  readonly expected: "succeeded" | "failed";
  /** Format of the disk that has to be converted; used as it is unless given. */
  readonly convertedFrom?: string;
  /** In how many regions its image version has to be; a managed image unless given. */
  readonly regions?: number;
};

/** An upload with the request that it belongs to. */
export type PlannedUpload = DemoUpload & { readonly source: string };

export type DemoPlan = {
  readonly requests: readonly DemoRequest[];
  readonly uploads: readonly PlannedUpload[];
};

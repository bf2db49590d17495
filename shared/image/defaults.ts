import type { Generation, OsState, OsType } from "../vocabulary.ts";

/** Where a gallery is. */
export interface GalleryPlace {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
}

/** Values for what an upload does not say. */
export interface ImageDefaults {
  readonly subscriptionId: string | null;
  readonly resourceGroup: string | null;
  readonly location: string | null;
  readonly osType: OsType | null;
  readonly osState: OsState | null;
  readonly hyperVGeneration: Generation;
  /** The gallery of versions whose manifest names none. */
  readonly gallery?: GalleryPlace | null;
}

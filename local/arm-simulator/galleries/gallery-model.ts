import type { ResourceId } from "../resource-id.ts";

/** How far the service is with a gallery, a definition or a version. */
export type GalleryProvisioningState =
  | "Creating"
  | "Updating"
  | "Deleting"
  | "Succeeded"
  | "Failed";

/** What all three kinds of resources of a gallery have in common. */
export interface StoredGalleryResource<Properties> {
  readonly id: ResourceId;
  readonly location: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties: Properties;
  readonly provisioningState: GalleryProvisioningState;
  /** The operation that is changing it, if one is. */
  readonly operationId?: string;
}

/** The body of a PUT; that of a PATCH may lack the location and, with it, every other part. */
export interface GalleryResourceBody<Properties> {
  readonly location: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties?: Properties;
}

/** The `properties` of a gallery. */
export interface GalleryProperties {
  readonly description?: string;
  readonly softDeletePolicy?: { readonly isSoftDeleteEnabled?: boolean };
  readonly [other: string]: unknown;
}

/** A feature of a definition, e.g. `SecurityType`. */
export interface DefinitionFeature {
  readonly name?: string;
  readonly value?: string;
  readonly startsAtVersion?: string;
}

/** The `properties` of a definition. */
export interface DefinitionProperties {
  readonly osType: string;
  readonly osState: string;
  readonly hyperVGeneration?: string;
  readonly architecture?: string;
  readonly identifier: { readonly publisher: string; readonly offer: string; readonly sku: string };
  readonly features?: readonly DefinitionFeature[];
  readonly allowUpdateImage?: boolean;
  readonly [other: string]: unknown;
}

export type StoredGallery = StoredGalleryResource<GalleryProperties>;
export type StoredDefinition = StoredGalleryResource<DefinitionProperties>;

/** Returns the value of a definition's feature, or "". Names are compared without case. */
export function findFeature({ features = [] }: DefinitionProperties, name: string): string {
  const feature = features.find((each) => each.name?.toLowerCase() === name.toLowerCase());
  return feature?.value ?? "";
}

/** Values for what an upload does not say. */
export interface ImageDefaults {
  readonly subscriptionId: string | null;
  readonly resourceGroup: string | null;
  readonly location: string | null;
  readonly osType: "Windows" | "Linux" | null;
  readonly osState: "Generalized" | "Specialized" | null;
  readonly hyperVGeneration: "V1" | "V2";
}

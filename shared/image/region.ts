/** A region as it is compared: `West Europe`, `westeurope` and `WestEurope` are one. */
export function normalizeRegion(region: string): string {
  return region.replaceAll(" ", "").toLowerCase();
}

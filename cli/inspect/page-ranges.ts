/** Asks the storage service with these query parameters, on top of those of the blob's URL. */
export type AskService = (query: string, headers: Record<string, string>) => Promise<Response>;

/**
 * Whether anything was ever written before `end` to a page blob, by Get Page Ranges: one call, which needs
 * no other permission than reading. Null where the service does not tell: the inspection goes on without.
 * https://learn.microsoft.com/rest/api/storageservices/get-page-ranges
 */
export async function readWhetherWritten(end: number, ask: AskService): Promise<boolean | null> {
  try {
    const range = { "x-ms-range": `bytes=0-${end - 1}` };
    const response = await ask("comp=pagelist&maxresults=1", range);
    const text = await response.text();
    if (!text.includes("<PageList")) return null;
    return text.includes("<PageRange>");
  } catch {
    return null;
  }
}

import type { ServerResponse } from "node:http";

/** An error of the blob service, in its words. */
export interface ServiceRefusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** What the source answered, where it is the source that refused. */
  readonly source?: { readonly status: number; readonly code: string };
}

/** Thrown by whatever finds that a copy is not carried out. */
export class CopyRefusedError extends Error {
  override readonly name = "CopyRefusedError";
  readonly refusal: ServiceRefusal;

  constructor(refusal: ServiceRefusal) {
    super(`${refusal.status} ${refusal.code}`);
    this.refusal = refusal;
  }
}

/** Ends a copy with an error. */
export function refuseCopy(refusal: ServiceRefusal): never {
  throw new CopyRefusedError(refusal);
}

/** Answers with an error; the connection stays usable. */
export function answerRefusal(
  response: ServerResponse,
  { status, code, message, source }: ServiceRefusal,
): void {
  const declaration = '<?xml version="1.0" encoding="utf-8"?>';
  response
    .writeHead(status, {
      "content-type": "application/xml",
      "x-ms-error-code": code,
      ...(source !== undefined && {
        "x-ms-copy-source-status-code": String(source.status),
        "x-ms-copy-source-error-code": source.code,
      }),
    })
    .end(`${declaration}<Error><Code>${code}</Code><Message>${message}</Message></Error>`);
}

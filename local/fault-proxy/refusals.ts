import type { IncomingMessage, ServerResponse } from "node:http";
import type { StorageFault, StorageService } from "./faults.ts";

type Refusal = { readonly status: number; readonly code: string; readonly message: string };

/**
 * The faults that are answers, in the service's words
 * (https://learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes).
 */
const REFUSALS: Readonly<Partial<Record<StorageFault, Refusal>>> = {
  busy: { status: 503, code: "ServerBusy", message: "The server is busy." },
  error: {
    status: 500,
    code: "InternalError",
    message: "The server encountered an internal error. Please retry the request.",
  },
  conflict: { status: 409, code: "Conflict", message: "The request conflicts with another one." },
  precondition: {
    status: 412,
    code: "ConditionNotMet",
    message: "The condition specified using HTTP conditional header(s) is not met.",
  },
};

/** Whether the fault is an answer that {@link refuse} gives. */
export function isRefusal(fault: StorageFault): boolean {
  return REFUSALS[fault] !== undefined;
}

/** Answers a request with an error; the connection stays usable. */
export function refuse(
  fault: StorageFault,
  service: StorageService,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const refusal = REFUSALS[fault];
  if (refusal === undefined) throw new TypeError(`${fault} is not answered`);
  const { status, code } = refusal;
  request.resume(); // the body has to be read, or the next request would begin in it
  request.once("end", () => {
    const [type, body] = service === "table" ? describeJson(refusal) : describeXml(refusal);
    response.writeHead(status, { "content-type": type, "x-ms-error-code": code }).end(body);
  });
}

function describeXml({ code, message }: Refusal): [type: string, body: string] {
  const declaration = '<?xml version="1.0" encoding="utf-8"?>';
  const error = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return ["application/xml", `${declaration}${error}`];
}

function describeJson({ code, message }: Refusal): [type: string, body: string] {
  const error = { code, message: { lang: "en-US", value: message } };
  return ["application/json;odata=minimalmetadata", JSON.stringify({ "odata.error": error })];
}

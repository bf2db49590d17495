import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  RestError,
} from "@azure/core-rest-pipeline";
import { BlobServiceClient, type StoragePipelineOptions } from "@azure/storage-blob";

/** What storage answers, or "nothing" for a connection that breaks. */
export type Answer =
  | "nothing"
  | {
      readonly status: number;
      readonly code?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    };

/** The SDK's own client over answers that a test gives. */
export interface ScriptedService {
  readonly service: BlobServiceClient;
  readonly requests: PipelineRequest[];
}

/** A blob service that gives these answers one after the other, the last one for good. */
export function createScriptedService(...answers: readonly Answer[]): ScriptedService {
  const requests: PipelineRequest[] = [];
  const httpClient: HttpClient = {
    async sendRequest(request) {
      const answer = answers[Math.min(requests.length, answers.length - 1)] ?? "nothing";
      requests.push(request);
      if (answer === "nothing") throw new RestError("reset", { code: "ECONNRESET", request });
      const { status, code, headers = {} } = answer;
      const isError = code !== undefined;
      const own = { ...headers, ...(isError && { "content-type": "application/xml" }) };
      const body = isError
        ? `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`
        : (answer.body ?? "");
      // The SDK takes a client of its older interface here, whose headers have this method.
      const answered = Object.assign(createHttpHeaders(own), { toJson: () => own });
      return { request, status, headers: answered, bodyAsText: body };
    },
  };
  type OlderClient = NonNullable<StoragePipelineOptions["httpClient"]>;
  const options = {
    httpClient: httpClient as unknown as OlderClient,
    retryOptions: { maxTries: 1 },
  };
  const url = "https://own.blob.core.windows.net";
  return { service: new BlobServiceClient(url, undefined, options), requests };
}

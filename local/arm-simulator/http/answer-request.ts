import { answerFault } from "../control/faults.ts";
import { ArmError } from "../errors.ts";
import { answerMetadata } from "../management/metadata.ts";
import type { Service } from "../service.ts";
import type { ArmRequest, ArmResponse } from "./arm-http.ts";
import { handleRequest } from "./handle-request.ts";

/** What a client gets: an answer, silence, or a broken connection. */
export type Outcome = ArmResponse | "drop" | Silence;

/** No answer; after so many seconds, if any are given, the connection is reset. */
export interface Silence {
  readonly silentSeconds: number | undefined;
}

/** Answers a request to the simulated service: token, faults, then the service itself. */
export async function answerRequest(
  service: Service,
  request: ArmRequest,
  log: (line: string) => void,
): Promise<Outcome> {
  const metadata = answerMetadata(request, service.baseUrl());
  if (metadata !== undefined) return metadata;
  if (!hasBearerToken(request)) return toResponse(authenticationFailed());
  const fault = service.faults.takeForRequest(request);
  if (fault === undefined) return serve(service, request, log);
  if (fault.when === "after") {
    await serve(service, request, log);
  }
  const { status } = fault;
  if (status === "timeout") return { silentSeconds: fault.seconds };
  return status === "drop" ? status : answerFault({ ...fault, status }, request, service.now());
}

async function serve(
  service: Service,
  request: ArmRequest,
  log: (line: string) => void,
): Promise<ArmResponse> {
  try {
    return await handleRequest(service, request);
  } catch (error) {
    if (error instanceof ArmError) return toResponse(error);
    // A defect of the simulator: make it visible instead of taking the process down.
    log(`defect: ${error instanceof Error ? error.stack : String(error)}`);
    return toResponse(
      new ArmError(500, "InternalServerError", "The ARM simulator itself failed; see its log."),
    );
  }
}

function hasBearerToken({ headers }: ArmRequest): boolean {
  return /^Bearer\s+\S/i.test(headers.authorization ?? "");
}

function authenticationFailed(): ArmError {
  return new ArmError(
    401,
    "AuthenticationFailed",
    "Authentication failed. The 'Authorization' header is missing or has no Bearer token.",
    {
      headers: {
        "www-authenticate":
          'Bearer authorization_uri="https://login.microsoftonline.com/common", error="invalid_token", error_description="The authentication failed because of missing \'Authorization\' header."',
      },
    },
  );
}

function toResponse(error: ArmError): ArmResponse {
  return { status: error.status, headers: error.headers, body: { error: error.body } };
}

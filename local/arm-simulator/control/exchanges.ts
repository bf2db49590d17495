import { closeSync, openSync, writeSync } from "node:fs";
import { ArmSimulatorError } from "../errors.ts";
import type { ArmRequest } from "../http/arm-http.ts";

/** A request to the simulated service and what came of it. */
export interface Exchange {
  /** When the request came, ISO 8601. */
  readonly receivedAt: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed if it is JSON, text otherwise, null if empty. */
  readonly body: unknown;
  /** null if no answer was sent: the connection was dropped, or the request left to time out. */
  readonly status: number | null;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody: unknown;
  /** Whether the service began an operation for it, even if the answer was lost. */
  readonly startedOperation: boolean;
}

/** The answer's part of an exchange. */
export type RecordedAnswer = Pick<
  Exchange,
  "status" | "responseHeaders" | "responseBody" | "startedOperation"
>;

/** Every exchange since the start or the last reset. */
export interface ExchangeLog {
  add(request: ArmRequest, answer: RecordedAnswer): void;
  list(): readonly Exchange[];
  clear(): void;
  close(): void;
}

/** A request whose connection got no answer. */
export const NO_ANSWER = { status: null, responseHeaders: {}, responseBody: null } as const;

/**
 * Returns a log of exchanges; with a file name it also appends each as a line of JSON. Credentials
 * are not recorded: no `authorization` header, and no signature of a shared access signature.
 *
 * @throws ArmSimulatorError if the file cannot be opened
 */
export function createExchangeLog(recordFile: string | undefined): ExchangeLog {
  let file = recordFile === undefined ? undefined : openForAppending(recordFile);
  let exchanges: Exchange[] = [];
  return {
    add: (request, answer) => {
      const exchange = describeExchange(request, answer);
      exchanges.push(exchange);
      if (file !== undefined) {
        writeSync(file, `${JSON.stringify(exchange)}\n`);
      }
    },
    list: () => exchanges,
    clear: () => {
      exchanges = [];
    },
    close: () => {
      if (file !== undefined) {
        closeSync(file);
        file = undefined; // A request may still be in progress.
      }
    },
  };
}

function openForAppending(recordFile: string): number {
  try {
    return openSync(recordFile, "a");
  } catch (error) {
    throw new ArmSimulatorError(`cannot record exchanges to '${recordFile}'`, { cause: error });
  }
}

function describeExchange(request: ArmRequest, answer: RecordedAnswer): Exchange {
  const { authorization: _, ...headers } = request.headers;
  return {
    receivedAt: request.receivedAt.toISOString(),
    method: request.method,
    url: hideSignature(request.url.href),
    headers,
    body: parseBody(hideSignature(request.body)),
    ...answer,
  };
}

function parseBody(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function hideSignature(text: string): string {
  return text.replaceAll(/([?&]sig=)[^&"\s]+/gi, "$1REDACTED");
}

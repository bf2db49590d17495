import type { Server } from "node:http";
import { ArmSimulatorError } from "../errors.ts";

/**
 * Starts to listen and returns the port.
 *
 * @throws ArmSimulatorError that names address and port, if the server cannot listen there
 */
export function listen(server: Server, host: string, port: number, what: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const reason = cause.code === "EADDRINUSE" ? "the port is already in use" : cause.message;
      reject(
        new ArmSimulatorError(`${what} cannot listen on ${host}:${port}: ${reason}`, { cause }),
      );
    });
    server.listen(port, host, () => {
      const address = server.address();
      if (typeof address === "object" && address !== null) {
        resolve(address.port);
      }
    });
  });
}

/** Stops a server and ends its connections, those of requests in progress too. */
export function stopListening(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, test } from "vitest";
import { assertPortsFree, FREE_PORTS } from "../../../../local/world/local-ports.ts";

test("names the port and the flag of a port that is taken", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const refusal = assertPortsFree({ ...FREE_PORTS, queue: port });
  await expect(refusal).rejects.toThrow(
    `port ${port} (queue) cannot be used: another process listens on it. Choose another with --queue-port N or LOCAL_QUEUE_PORT=N`,
  );
  server.close();
  await once(server, "close");
  await expect(assertPortsFree({ ...FREE_PORTS, queue: port })).resolves.toBeUndefined();
});

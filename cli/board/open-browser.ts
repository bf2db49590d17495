import { spawn } from "node:child_process";
import { platform } from "node:os";

/** How each system opens an address in the browser of its user, without a shell. */
const OPENERS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

/** Opens an address in the user's browser; false where there is no way to. */
export function openBrowser(url: string, system: string = platform()): Promise<boolean> {
  const [command, ...args] = OPENERS[system] ?? ["xdg-open"];
  return new Promise((resolve) => {
    const opener = spawn(command, [...args, url], { stdio: "ignore", detached: true });
    opener.once("error", () => resolve(false));
    opener.once("spawn", () => {
      opener.unref();
      resolve(true);
    });
  });
}

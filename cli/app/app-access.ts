import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { CommandError } from "../command-error.ts";
import type { LocalWorld } from "../local-world.ts";
import { type Environment, quote } from "../terminal.ts";
import { type AppResource, fetchKey } from "./fetch-key.ts";

/** Where the app is, and the key that opens its API. */
export interface AppAccess {
  /** Without a slash at its end. */
  readonly url: string;
  readonly key: string;
}

/** Options that {@link addAppOptions} adds. */
export interface AppOptions {
  readonly url?: string;
  readonly local?: true;
}

/** Adds the options that say which app a command is about. */
export function addAppOptions(command: Command): Command {
  return command
    .option("--url <URL>", "the app (VHD_TO_IMAGE_URL); its key is read from VHD_TO_IMAGE_KEY")
    .option("--local", "the app that `npm run local` runs (VHD_TO_IMAGE_LOCAL=1)");
}

/** The flags by which another command finds the same app, with a space before each. */
export function appFlags({ local, url }: AppOptions): string {
  return `${local ? " --local" : ""}${url === undefined ? "" : ` --url ${quote(url)}`}`;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * The app that a command is about: the flags decide before the environment.
 * @throws CommandError when none is configured, or the address is not one to send a key to.
 */
export async function findApp(options: AppOptions, context: CommandContext): Promise<AppAccess> {
  if (isLocal(options, context)) {
    const { functions: url, functionsKey: key } = await requireLocalWorld(context);
    return { url, key };
  }
  const { VHD_TO_IMAGE_URL, VHD_TO_IMAGE_KEY } = context.environment;
  const given = options.url ?? (VHD_TO_IMAGE_URL || undefined);
  const azd = given && VHD_TO_IMAGE_KEY ? {} : await context.azdValues();
  const text = given ?? azd.FUNCTION_APP_URL;
  if (!text) {
    throw new CommandError(
      "usage",
      [
        "The address of the app is missing. Set it, and a key of the app:",
        "  export VHD_TO_IMAGE_URL=https://APP.azurewebsites.net",
        '  export VHD_TO_IMAGE_KEY="$(az functionapp keys list --resource-group GROUP --name APP --query functionKeys.default --output tsv)"',
        "Or run the command in the folder of `azd up`, or add --local for the app that `npm run local` runs.",
      ].join("\n"),
    );
  }
  const url = readAppUrl(text, options.url === undefined ? "VHD_TO_IMAGE_URL" : "--url");
  const resource = VHD_TO_IMAGE_KEY ? null : findResource(url, { ...azd, ...context.environment });
  const key = resource === null ? VHD_TO_IMAGE_KEY : await fetchKey(resource, context);
  if (!key) {
    throw new CommandError(
      "usage",
      [
        `The key for ${url} is missing. Set one:`,
        '  export VHD_TO_IMAGE_KEY="$(az functionapp keys list --resource-group GROUP --name APP --query functionKeys.default --output tsv)"',
      ].join("\n"),
    );
  }
  return { url, key };
}

/**
 * The app in Azure, when environment or azd name it and the address is its own: the key of one app is
 * never sent to another address.
 */
function findResource(url: string, values: Environment): AppResource | null {
  const {
    AZURE_FUNCTION_APP_NAME: name,
    AZURE_RESOURCE_GROUP: resourceGroup,
    AZURE_SUBSCRIPTION_ID: subscriptionId,
  } = values;
  if (!name || !resourceGroup || !subscriptionId) return null;
  const { hostname, protocol } = new URL(url);
  const isOwn = hostname === `${name.toLowerCase()}.azurewebsites.net` && protocol === "https:";
  const isOfAzd =
    values.FUNCTION_APP_URL !== undefined && url === URL.parse(values.FUNCTION_APP_URL)?.origin;
  return isOwn || isOfAzd ? { subscriptionId, resourceGroup, name } : null;
}

/** Whether the command is about the local world. */
export function isLocal(options: AppOptions, { environment }: CommandContext): boolean {
  const isSet = environment.VHD_TO_IMAGE_LOCAL === "1" || environment.VHD_TO_IMAGE_LOCAL === "true";
  return options.local === true || (isSet && options.url === undefined);
}

/** The local world that runs; the latest of several, which is then said. */
export async function requireLocalWorld(context: CommandContext): Promise<LocalWorld> {
  const [world, ...others] = await context.localWorlds();
  if (world === undefined) {
    throw new CommandError(
      "unreachable",
      "The local app is not running. Start it in another terminal, and wait for `ready`:\n  npm run local",
    );
  }
  if (others.length > 0) {
    const count = others.length + 1;
    context.stderr.write(`${count} local apps are running; using the latest, ${world.functions}\n`);
  }
  return world;
}

/** The address of an app, also given with `/api` at its end. */
function readAppUrl(text: string, source: string): string {
  const url = URL.parse(text);
  const refuse = (problem: string): CommandError =>
    new CommandError("usage", `${source} ${problem}. Example: https://APP.azurewebsites.net`);
  if (url === null || !/^https?:$/.test(url.protocol)) throw refuse("is not an http(s) address");
  if (url.username || url.password || url.search || url.hash) {
    throw refuse("must be the address alone, without a key; set VHD_TO_IMAGE_KEY to the key");
  }
  if (url.protocol === "http:" && !LOOPBACK.test(url.hostname)) {
    throw refuse("must begin with https://, because the key is sent to it");
  }
  const path = url.pathname.split("/").filter((part) => part !== "");
  const base = path.at(-1) === "api" ? path.slice(0, -1) : path;
  return [url.origin, ...base].join("/");
}

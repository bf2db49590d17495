import { methodNotSupported } from "../errors.ts";
import { judgeVersionForm } from "../http/api-versions.ts";
import { type ArmRequest, type ArmResponse, decodePathname } from "../http/arm-http.ts";
import { judgeRight } from "../rights.ts";
import type { Service } from "../service.ts";
import { getProvider, listProviders } from "./providers.ts";
import { judgeResourceGroup, judgeSubscription, type PathNames } from "./scope.ts";
import { getStorageAccount, listAccounts } from "./storage-accounts.ts";
import {
  getResourceGroup,
  getSubscription,
  listLocations,
  listResourceGroups,
  listSubscriptions,
  listTenants,
} from "./subscriptions.ts";

/** What Resource Manager itself, or Storage, answers to a GET of a path. */
interface ManagementRoute {
  readonly path: RegExp;
  /** The right that it takes; undefined where everybody has it. */
  readonly action: string | undefined;
  /** An api-version, for the message about one that is missing or malformed. */
  readonly version: string;
  readonly handle: (service: Service, names: PathNames) => ArmResponse;
}

const SUBSCRIPTION = String.raw`^\/subscriptions\/(?<subscriptionId>[^/]+)`;
const GROUP = String.raw`${SUBSCRIPTION}\/resourcegroups\/(?<resourceGroup>[^/]+)`;
const ACCOUNTS = String.raw`\/providers\/Microsoft\.Storage\/storageAccounts`;

const route = (
  path: string,
  action: string | undefined,
  version: string,
  handle: ManagementRoute["handle"],
): ManagementRoute => ({ path: new RegExp(`${path}$`, "i"), action, version, handle });

const RESOURCES = "Microsoft.Resources/subscriptions";
const ROUTES: readonly ManagementRoute[] = [
  route(String.raw`^\/subscriptions`, undefined, "2022-12-01", listSubscriptions),
  route(String.raw`^\/tenants`, undefined, "2022-12-01", listTenants),
  route(SUBSCRIPTION, `${RESOURCES}/read`, "2022-12-01", getSubscription),
  route(String.raw`${SUBSCRIPTION}\/locations`, `${RESOURCES}/read`, "2022-12-01", listLocations),
  route(
    String.raw`${SUBSCRIPTION}\/resourcegroups`,
    `${RESOURCES}/resourceGroups/read`,
    "2021-04-01",
    listResourceGroups,
  ),
  route(GROUP, `${RESOURCES}/resourceGroups/read`, "2021-04-01", getResourceGroup),
  route(String.raw`${SUBSCRIPTION}\/providers`, `${RESOURCES}/read`, "2021-04-01", listProviders),
  route(
    String.raw`${SUBSCRIPTION}\/providers\/(?<namespace>[^/]+)`,
    `${RESOURCES}/read`,
    "2021-04-01",
    getProvider,
  ),
  route(
    SUBSCRIPTION + ACCOUNTS,
    "Microsoft.Storage/storageAccounts/read",
    "2024-01-01",
    listAccounts,
  ),
  route(GROUP + ACCOUNTS, "Microsoft.Storage/storageAccounts/read", "2024-01-01", listAccounts),
  route(
    String.raw`${GROUP}${ACCOUNTS}\/(?<account>[^/]+)`,
    "Microsoft.Storage/storageAccounts/read",
    "2024-01-01",
    getStorageAccount,
  ),
];

/**
 * Answers what is not about a resource of Compute: subscriptions, resource groups, locations, tenants,
 * providers, and storage accounts. Undefined for every other path. Any date is taken as an
 * api-version: what is answered has had the same form in all of them.
 *
 * @throws ArmError 400, 403, 404 or 405
 */
export function answerManagement(service: Service, request: ArmRequest): ArmResponse | undefined {
  const path = decodePathname(request.url).replace(/(?<=.)\/$/, "");
  for (const { path: pattern, action, version, handle } of ROUTES) {
    const names = pattern.exec(path)?.groups;
    if (names === undefined && !pattern.test(path)) continue;
    if (names?.subscriptionId !== undefined) judgeSubscription(service, names.subscriptionId);
    judgeVersionForm(request.url, [version]);
    if (names?.resourceGroup !== undefined) judgeResourceGroup(service, names.resourceGroup);
    if (action !== undefined) judgeRight(service.store, { action, scope: path });
    if (request.method !== "GET" && request.method !== "HEAD") {
      throw methodNotSupported(request);
    }
    // A HEAD asks whether something exists: `az group exists`.
    return request.method === "HEAD" ? { status: 204 } : handle(service, names ?? {});
  }
  return undefined;
}

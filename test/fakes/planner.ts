import { createHttpHeaders, type HttpClient } from "@azure/core-rest-pipeline";
import type { Planner } from "../../functions/plan.http.ts";
import type { ArmOptions } from "../../shared/azure/arm/compute-clients.ts";
import { createGalleryService } from "../../shared/azure/arm/gallery-service.ts";
import { holdWrites } from "../../shared/azure/arm/held-calls.ts";
import { createImageService } from "../../shared/azure/arm/image-service.ts";
import { createOutputs } from "../../shared/outputs/outputs.ts";
import { planUpload } from "../../shared/plan/plan-upload.ts";
import type { FakeApp } from "./app.ts";

/** Plans on a fake app, through the real client of the service. */
export interface FakePlanner {
  readonly plan: Planner;
  /** What came through to the service: method and path. */
  readonly sent: string[];
}

/**
 * A planner that sees the images of the fake service.
 * @param resources answers to other GETs, by path in lower case
 */
export function createFakePlanner(
  app: FakeApp,
  resources: Readonly<Record<string, unknown>> = {},
): FakePlanner {
  const sent: string[] = [];
  const inner: HttpClient = {
    async sendRequest(request) {
      const { pathname } = new URL(request.url);
      sent.push(`${request.method} ${pathname}`);
      const image = app.images.existing.get(pathname.toLowerCase());
      const headers = createHttpHeaders({ "content-type": "application/json" });
      const resource = resources[pathname.toLowerCase()];
      if (resource !== undefined) {
        return { request, headers, status: 200, bodyAsText: JSON.stringify(resource) };
      }
      return image === undefined
        ? { request, headers, status: 404, bodyAsText: '{"error":{"code":"ResourceNotFound"}}' }
        : { request, headers, status: 200, bodyAsText: describe(image) };
    },
  };
  return {
    sent,
    plan: (input) => {
      const { client, take: takeCalls } = holdWrites(inner);
      const arm: ArmOptions = {
        credential: {
          getToken: async () => ({ token: "t", expiresOnTimestamp: Date.now() + 1e7 }),
        },
        cloud: "AzureCloud",
        endpoint: null,
        httpClient: client,
      };
      const services = {
        images: createImageService(arm),
        galleries: createGalleryService(arm),
      };
      const outputs = createOutputs(services, {
        allowDefinitionCreate: true,
        regions: app.context.policy.regions,
      });
      return planUpload(input, { ...app.context, outputs, takeCalls });
    },
  };
}

function describe({ id, provisioningState, body }: FakeImage): string {
  const properties = { ...(body.properties as object), provisioningState };
  return JSON.stringify({ ...body, id, properties });
}

type FakeImage = NonNullable<ReturnType<FakeApp["images"]["existing"]["get"]>>;

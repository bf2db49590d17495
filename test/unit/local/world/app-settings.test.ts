import { expect, test } from "vitest";
import { buildAppEnvironment, listTargets } from "../../../../local/world/app-settings.ts";

const ENDPOINTS = {
  connectionString: "local storage",
  arm: {
    url: "https://127.0.0.1:1",
    caFile: "/tmp/ca.pem",
    identity: { endpoint: "http://127.0.0.1:2/token", header: "secret" },
  },
};

test("without an environment the app gets the local world", () => {
  expect(buildAppEnvironment({}, ENDPOINTS)).toEqual({
    FUNCTIONS_WORKER_RUNTIME: "node",
    AzureWebJobsStorage: "local storage",
    ImageStorage: "local storage",
    AZURE_SUBSCRIPTION_ID: "00000000-0000-4000-8000-000000000001",
    IMAGE_RESOURCE_GROUP: "images-rg",
    IMAGE_LOCATION: "westus",
    SETTLE_SECONDS: "3",
    SETTLE_MIN_SECONDS: "1",
    POLL_SECONDS: "1",
    RETRY_SECONDS: "1",
    OVERDUE_SECONDS: "20",
    SWEEP_SCHEDULE: "*/10 * * * * *",
    BLOB_TRIGGER_SOURCE: "LogsAndContainerScan",
    ALLOWED_SOURCE_ACCOUNTS: "devstoreaccount1,mystorageaccount",
    ARM_ENDPOINT: "https://127.0.0.1:1",
    NODE_EXTRA_CA_CERTS: "/tmp/ca.pem",
    IDENTITY_ENDPOINT: "http://127.0.0.1:2/token",
    IDENTITY_HEADER: "secret",
    NO_PROXY: "127.0.0.1,localhost",
    no_proxy: "127.0.0.1,localhost",
  });
});

test("the environment wins over a local default", () => {
  const environment = { SETTLE_SECONDS: "60", ImageStorage: "mine", PATH: "/bin" };
  expect(buildAppEnvironment(environment, ENDPOINTS)).toMatchObject({
    ...environment,
    AzureWebJobsStorage: "local storage",
  });
});

test("a certificate authority of the machine gives way to the simulator's, unless the API is not the simulator", () => {
  const machine = { NODE_EXTRA_CA_CERTS: "/etc/company.pem" };
  expect(buildAppEnvironment(machine, ENDPOINTS).NODE_EXTRA_CA_CERTS).toBe("/tmp/ca.pem");
  const own = { ...machine, ARM_ENDPOINT: "https://management.example" };
  expect(buildAppEnvironment(own, ENDPOINTS)).toMatchObject(own);
});

test("the loopback interface is added to the exemptions from a proxy", () => {
  const environment = buildAppEnvironment({ no_proxy: "intranet" }, ENDPOINTS);
  expect(environment.NO_PROXY).toBe("intranet,127.0.0.1,localhost");
});

test("targets are the configured one and those that are allowed", () => {
  expect(
    listTargets({ IMAGE_RESOURCE_GROUP: "mine", ALLOWED_TARGETS: "s1/a, s2/b,broken" }),
  ).toEqual([
    { subscriptionId: "00000000-0000-4000-8000-000000000001", resourceGroup: "mine" },
    { subscriptionId: "s1", resourceGroup: "a" },
    { subscriptionId: "s2", resourceGroup: "b" },
  ]);
});

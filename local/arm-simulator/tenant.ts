/** The tenant of the simulated service; its tokens name it too. */
export const TENANT_ID = "00000000-0000-4000-8000-00000000000a";

/** Which requests the list shows; an empty text filters nothing. */
export interface Filter {
  readonly state: string;
  readonly source: string;
  readonly image: string;
}

/** A view of the page. */
export type Route =
  | { readonly view: "list"; readonly filter: Filter }
  | { readonly view: "request"; readonly requestId: string }
  | { readonly view: "plan" }
  | { readonly view: "queue" };

export const NO_FILTER: Filter = { state: "", source: "", image: "" };

const REQUEST_ID = /^#\/([a-z2-7]{20})$/;

/** The view that a fragment of the address stands for; the list for one that is not known. */
export function parseRoute(hash: string): Route {
  const requestId = REQUEST_ID.exec(hash)?.[1];
  if (requestId !== undefined) return { view: "request", requestId };
  if (hash === "#/plan") return { view: "plan" };
  if (hash === "#/queue") return { view: "queue" };
  const query = new URLSearchParams(hash.startsWith("#/?") ? hash.slice(3) : "");
  const filter = {
    state: query.get("state") ?? "",
    source: query.get("source") ?? "",
    image: query.get("image") ?? "",
  };
  return { view: "list", filter };
}

/** The fragment of a view, for links. */
export function formatRoute(route: Route): string {
  if (route.view === "plan" || route.view === "queue") return `#/${route.view}`;
  if (route.view === "request") return `#/${route.requestId}`;
  const query = toQuery(route.filter).toString();
  return query === "" ? "#/" : `#/?${query}`;
}

/** The filters that are set, as parameters of the API. */
export function toQuery(filter: Filter): URLSearchParams {
  return new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ""));
}

import { Component } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { BoardState } from "../data/state.ts";
import { visible } from "../model/format.ts";
import { listStuck, type StuckRequest } from "../model/reasons.ts";
import { type Filter, formatRoute, NO_FILTER } from "../model/route.ts";
import { STATES, type Status } from "../model/status.ts";
import { useBoard } from "./context.ts";
import { Foreign, State, Time } from "./parts.tsx";

interface Props {
  readonly filter: Filter;
  readonly list: BoardState["list"];
  readonly now: number;
}

/** The requests, newest first. */
export function ListView({ filter, list, now }: Props) {
  const board = useBoard();
  return (
    <>
      <h1 tabIndex={-1}>Requests</h1>
      <Filters key={formatRoute({ view: "list", filter })} filter={filter} />
      {list.problem !== null && (
        <p class="notice" role="alert">
          {visible(list.problem)}
        </p>
      )}
      {list.items === null && list.problem === null && <p>Loading…</p>}
      {list.items?.length === 0 && !list.hasMore && <Empty filter={filter} />}
      {list.items !== null && <Stuck requests={listStuck(list.items, now)} />}
      {list.items !== null && list.items.length > 0 && <Table items={list.items} />}
      {list.hasMore && (
        <button type="button" disabled={list.isLoadingMore} onClick={() => board.loadMore()}>
          {list.isLoadingMore ? "Loading…" : "Show more"}
        </button>
      )}
    </>
  );
}

/** Of many, those that wait longest are shown. */
const MAX_STUCK = 5;

/** Requests that are stuck, and why; nothing while there are none. */
function Stuck({ requests }: { readonly requests: readonly StuckRequest[] }) {
  if (requests.length === 0) return null;
  const others = requests.length - MAX_STUCK;
  return (
    <div class="notice">
      <strong>Stuck requests</strong>
      <ul>
        {requests.slice(0, MAX_STUCK).map(({ requestId, source, why }) => (
          <li key={requestId}>
            <a href={formatRoute({ view: "request", requestId })}>
              <Foreign text={source} />
            </a>
            : {why}
          </li>
        ))}
        {others > 0 && <li>and {others} more</li>}
      </ul>
    </div>
  );
}

function Empty({ filter }: { readonly filter: Filter }) {
  const isFiltered = formatRoute({ view: "list", filter }) !== "#/";
  return isFiltered ? (
    <p>
      No request matches. <a href="#/">Show all requests</a>
    </p>
  ) : (
    <p>
      No requests yet. Upload a disk: <code>vhd-to-image upload web.vhd</code>
    </p>
  );
}

function Filters({ filter }: { readonly filter: Filter }) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(data.get(name) ?? "").trim();
    const next = { ...filter, source: text("source"), image: text("image") };
    location.hash = formatRoute({ view: "list", filter: next });
  };
  const hrefOf = (state: string) => formatRoute({ view: "list", filter: { ...filter, state } });
  return (
    <>
      <nav class="chips" aria-label="Filter by state">
        {["", ...STATES].map((state) => (
          <a
            key={state}
            href={hrefOf(state)}
            aria-current={filter.state === state ? "true" : undefined}
          >
            {state === "" ? "all" : state}
          </a>
        ))}
      </nav>
      <form class="filters" onSubmit={submit} aria-label="Filter by name">
        <label>
          Upload (full name)
          <input name="source" type="text" defaultValue={filter.source} maxLength={1024} />
        </label>
        <label>
          Image
          <input name="image" type="text" defaultValue={filter.image} maxLength={80} />
        </label>
        <button type="submit">Filter</button>
        {formatRoute({ view: "list", filter }) !==
          formatRoute({ view: "list", filter: NO_FILTER }) && <a href="#/">Clear</a>}
      </form>
    </>
  );
}

/** So many rows are drawn at once; the rest follows, so that the page stays responsive. */
const ROWS_AT_ONCE = 50;

function Table({ items }: { readonly items: readonly Status[] }) {
  const [drawn, setDrawn] = useState(ROWS_AT_ONCE);
  useEffect(() => {
    if (drawn >= items.length) return;
    const frame = requestAnimationFrame(() => setDrawn(drawn + ROWS_AT_ONCE));
    return () => cancelAnimationFrame(frame);
  }, [drawn, items.length]);
  return (
    <table class="list">
      <caption class="hidden">Requests, newest first</caption>
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col">Upload</th>
          <th scope="col" class="wide">
            Image
          </th>
          <th scope="col" class="wide">
            Last change
          </th>
        </tr>
      </thead>
      <tbody>
        {items.slice(0, drawn).map((status) => (
          <Row key={status.requestId} status={status} />
        ))}
      </tbody>
    </table>
  );
}

/** One request; drawn again only when it is another object. */
class Row extends Component<{ readonly status: Status }> {
  override shouldComponentUpdate(next: Readonly<{ status: Status }>): boolean {
    return next.status !== this.props.status;
  }

  override render() {
    const { status } = this.props;
    return (
      <tr>
        <td>
          <State state={status.state} />
        </td>
        <th scope="row">
          <a href={formatRoute({ view: "request", requestId: status.requestId })}>
            <Foreign text={status.source} />
          </a>
          {status.error !== null && <small>{visible(status.error.code)}</small>}
        </th>
        <td class="wide">{status.image === null ? "" : <Foreign text={status.image.name} />}</td>
        <td class="wide">
          <Time at={status.updatedAt} />
        </td>
      </tr>
    );
  }
}

/** The status board: one HTML text that loads nothing, and the policy under which browsers run it. */
export interface BoardPage {
  readonly html: string;
  /** Names the script and the style of the page by their hashes. */
  readonly contentSecurityPolicy: string;
}

/** The build puts the page here, made from `board/` by `scripts/build-board.ts`. */
declare const BUILT_BOARD: BoardPage;

export const BOARD_PAGE = BUILT_BOARD;

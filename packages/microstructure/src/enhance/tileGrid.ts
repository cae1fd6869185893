import { checkOption, checkWhole } from "./checkImage.ts";

export interface TileGridOptions {
  readonly columns: number;
  readonly rows: number;
  /** Size of a tile, px. */
  readonly tileWidth: number;
  readonly tileHeight: number;
  /** Share of a tile that its neighbour shows too, 0 … 0.9. @defaultValue 0.1 */
  readonly overlap?: number | undefined;
  /** Rows all from the left, or every other one from the right. @defaultValue "rows" */
  readonly order?: "rows" | "snake" | undefined;
}

/** Where a tile's top left pixel is meant to lie, px. */
export interface TilePosition {
  readonly xPx: number;
  readonly yPx: number;
}

/**
 * Nominal positions of the tiles of a grid, in the order in which the stage took them: x = column · width · (1 − overlap).
 *
 * @throws DomainError for options out of range
 * @example
 * const positions = tileGrid({ columns: 4, rows: 3, tileWidth: 1024, tileHeight: 768, overlap: 0.15, order: "snake" });
 */
export function tileGrid(options: TileGridOptions): readonly TilePosition[] {
  const columns = checkWhole("tileGrid", "columns", options.columns, 1, 1e5);
  const rows = checkWhole("tileGrid", "rows", options.rows, 1, 1e5);
  const width = checkWhole("tileGrid", "tileWidth", options.tileWidth, 1, 1e6);
  const height = checkWhole("tileGrid", "tileHeight", options.tileHeight, 1, 1e6);
  const step = 1 - checkOption("tileGrid", "overlap", options.overlap ?? 0.1, 0, 0.9);
  const positions: TilePosition[] = [];
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < columns; k++) {
      const column = options.order === "snake" && row % 2 === 1 ? columns - 1 - k : k;
      positions.push({ xPx: Math.round(column * width * step), yPx: Math.round(row * height * step) });
    }
  }
  return positions;
}

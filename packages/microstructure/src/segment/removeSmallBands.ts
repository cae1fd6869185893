import { DomainError } from "@materiome/core";
import type { BandSpace } from "../bands/bandSpace.ts";
import { labelBands } from "../bands/labelBands.ts";
import { mapRows } from "../bands/mapRows.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import type { ReconstructOptions } from "./reconstructByDilationBands.ts";
import { requireConnectivity } from "./requireConnectivity.ts";
import { requireSize } from "./requireRows.ts";

/**
 * `removeSmallObjects` band by band: a store with the objects of at least `minAreaPx` pixels.
 *
 * @throws DomainError as `removeSmallObjects` does
 * @example
 * const clean = removeSmallObjectBands(space, mask, 20);
 */
export function removeSmallObjectBands(
  space: BandSpace,
  mask: RowReader<Uint8Array>,
  minAreaPx: number,
  options: ReconstructOptions = {},
): RowStore<Uint8Array> {
  const connectivity = requireConnectivity("removeSmallObjects", options.connectivity ?? 8);
  requireArea("removeSmallObjects", minAreaPx);
  return withParts("removeSmallObjects", space, mask, connectivity, false, ({ areaPx }) => areaPx >= minAreaPx);
}

/**
 * `removeSmallHoles` band by band: a store with the mask, its holes of fewer than `minAreaPx` pixels filled.
 *
 * @throws DomainError as `removeSmallHoles` does
 * @example
 * const solid = removeSmallHoleBands(space, mask, 20);
 */
export function removeSmallHoleBands(
  space: BandSpace,
  mask: RowReader<Uint8Array>,
  minAreaPx: number,
  options: ReconstructOptions = {},
): RowStore<Uint8Array> {
  const connectivity = requireConnectivity("removeSmallHoles", options.connectivity ?? 8) === 8 ? 4 : 8;
  requireArea("removeSmallHoles", minAreaPx);
  return withParts(
    "removeSmallHoles",
    space,
    mask,
    connectivity,
    true,
    (zeros) => !zeros.touchesBorder && zeros.areaPx < minAreaPx,
  );
}

/**
 * `clearBorder` band by band: a store with the objects that do not touch the border of the image.
 *
 * @throws DomainError as `clearBorder` does
 * @example
 * const whole = clearBorderBands(space, mask);
 */
export function clearBorderBands(
  space: BandSpace,
  mask: RowReader<Uint8Array>,
  options: ReconstructOptions = {},
): RowStore<Uint8Array> {
  const connectivity = requireConnectivity("clearBorder", options.connectivity ?? 8);
  return withParts("clearBorder", space, mask, connectivity, false, ({ touchesBorder }) => !touchesBorder);
}

interface Part {
  readonly areaPx: number;
  readonly touchesBorder: boolean;
}

/** Connected parts of the foreground that are `chosen`; with `ofZeros` the foreground and the chosen parts of the rest. */
function withParts(
  caller: string,
  space: BandSpace,
  mask: RowReader<Uint8Array>,
  connectivity: 4 | 8,
  ofZeros: boolean,
  isChosen: (part: Part) => boolean,
): RowStore<Uint8Array> {
  const { width, height } = space;
  requireSize(caller, space, mask, "the mask");
  const numbers = space.store("uint32");
  const isPart = mapRows(mask, (rows) => rows.map((value) => ((value === 0) === ofZeros ? 1 : 0)));
  const { n, regionOf } = labelBands(space, isPart, connectivity, numbers);
  const area = new Float64Array(n + 1);
  const touches = new Uint8Array(n + 1);
  for (const { from, to } of space.bands(0)) {
    const rows = numbers.read(from, to);
    for (let i = 0; i < rows.length; i++) area[regionOf[rows[i]!]!]! += 1; // regions are 0 … n, here and below
    for (let i = 0; i < rows.length; i += width) {
      touches[regionOf[rows[i]!]!] = 1;
      touches[regionOf[rows[i + width - 1]!]!] = 1;
    }
    for (let x = 0; x < width; x++) {
      if (from === 0) touches[regionOf[rows[x]!]!] = 1;
      if (to === height) touches[regionOf[rows[rows.length - width + x]!]!] = 1;
    }
  }
  const value = new Uint8Array(n + 1);
  for (let k = 1; k <= n; k++) value[k] = isChosen({ areaPx: area[k]!, touchesBorder: touches[k] === 1 }) ? 1 : 0;
  if (ofZeros) value[0] = 1;
  const out = space.store("uint8");
  for (const { from, to } of space.bands(0)) {
    const rows = numbers.read(from, to);
    out.write(
      from,
      Uint8Array.from(rows, (number) => value[regionOf[number]!]!),
    );
  }
  numbers.close();
  return out;
}

function requireArea(caller: string, minAreaPx: number): void {
  if (!(minAreaPx >= 0)) throw new DomainError(`${caller}: minAreaPx must be at least 0, got ${minAreaPx}`);
}

import { describe, expect, it } from "vitest";
import { bandSpace } from "../../src/bands/bandSpace.ts";
import { memoryStore } from "../../src/bands/rowStore.ts";
import { absorbIslands } from "../../src/segment/absorbIslands.ts";

const SIZE = 12;

/** Region 2, 6 × 6 px with a rim of 0.1, in region 1 of 0.6. */
const inSquare = (i: number, from: number, to: number): boolean =>
  [i % SIZE, Math.floor(i / SIZE)].every((k) => k >= from && k <= to);
const square = Uint32Array.from({ length: SIZE * SIZE }, (_, i) => (inSquare(i, 3, 8) ? 2 : 1));

function absorb(bandRows: number, inside: number) {
  const space = bandSpace(SIZE, SIZE, { bandRows });
  const greys = Float32Array.from(square, (label, i) => (label === 1 ? 0.6 : inSquare(i, 4, 7) ? inside : 0.1));
  const { labels, ...counts } = absorbIslands(
    space,
    memoryStore("float32", SIZE, SIZE, greys),
    memoryStore("uint32", SIZE, SIZE, square.slice()),
    2,
    { line: 0.1, grain: 0.6 },
  );
  return { ...counts, labels: labels.read(0, SIZE) };
}

describe("absorbIslands", () => {
  // A row of the rim that passed for inside would take the step of 0.06 below 0.05.
  it.each([1, 3, 9, SIZE])(
    "keeps a dark grain with a darker rim, whose rows lie on seams: bands of %i rows",
    (bandRows) => {
      expect(absorb(bandRows, 0.16)).toEqual({ nRegions: 2, nIslands: 0, labels: square });
    },
  );

  it.each([1, 3, 9, SIZE])("gives an island to the grain around it, bands of %i rows", (bandRows) => {
    expect(absorb(bandRows, 0.14)).toEqual({ nRegions: 1, nIslands: 1, labels: square.map(() => 1) });
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mirrored, tileStretches } from "../../../src/nets/exchange/tileStretches.ts";

describe("tileStretches", () => {
  it("gives a tile that fits in one piece, at a whole multiple", () => {
    expect(tileStretches(13, { multiple: 4, halo: 8 })).toEqual([{ from: 0, size: 16, keepFrom: 0, keepTo: 13 }]);
    expect(tileStretches(3, { multiple: 1, halo: 2, fixed: 8 })).toEqual([
      { from: 0, size: 8, keepFrom: 0, keepTo: 3 },
    ]);
  });

  it("overlaps pieces by two halos", () => {
    expect(tileStretches(20, { multiple: 2, halo: 3, largest: 12 })).toEqual([
      { from: 0, size: 12, keepFrom: 0, keepTo: 9 },
      { from: 6, size: 12, keepFrom: 9, keepTo: 15 },
      { from: 12, size: 8, keepFrom: 15, keepTo: 20 },
    ]);
  });

  it("keeps every pixel once, with its halo around it or the end of the tile, in pieces that the network takes", () => {
    const cases = fc.record({
      n: fc.integer({ min: 1, max: 200 }),
      multiple: fc.integer({ min: 1, max: 8 }),
      halo: fc.integer({ min: 0, max: 20 }),
      more: fc.integer({ min: 1, max: 6 }),
      isFixed: fc.boolean(),
    });
    fc.assert(
      fc.property(cases, ({ n, multiple, halo, more, isFixed }) => {
        const side = multiple * (Math.ceil((2 * halo) / multiple) + more);
        const stretches = tileStretches(n, { multiple, halo, ...(isFixed ? { fixed: side } : { largest: side }) });
        let next = 0;
        for (const { from, size, keepFrom, keepTo } of stretches) {
          expect([keepFrom, from % multiple, size % multiple]).toEqual([next, 0, 0]);
          expect(keepTo).toBeGreaterThan(keepFrom);
          expect(isFixed ? size === side : size <= side).toBe(true);
          expect(from === 0 || keepFrom - from >= halo).toBe(true);
          expect(from + size - keepTo >= halo || from + size >= n).toBe(true);
          next = keepTo;
        }
        expect(next).toBe(n);
      }),
      { seed: 6 },
    );
  });
});

it("mirrored goes back at the ends, as often as it must", () => {
  expect(Array.from({ length: 8 }, (_, i) => mirrored(i, 3))).toEqual([0, 1, 2, 2, 1, 0, 0, 1]);
  expect([mirrored(5, 1), mirrored(0, 4)]).toEqual([0, 0]);
});

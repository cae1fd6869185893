import { createRandom, createRaster, DomainError, type LabelMap, ShapeError } from "@materiome/core";
import { boundaryTarget, distanceTarget, instancesFromDistance } from "@materiome/microstructure/patches";
import { describe, expect, it } from "vitest";

const map = (rows: readonly (readonly number[])[]): LabelMap =>
  createRaster(Uint32Array.from(rows.flat()), rows[0]!.length, rows.length);

/** Regions nearest to random seeds; with `line`, 0 where the right or lower neighbour is another. */
function cells(width: number, height: number, n: number, line = false): LabelMap {
  const random = createRandom(n);
  const seeds = Array.from({ length: n }, () => [random.next() * width, random.next() * height] as const);
  const data = Uint32Array.from({ length: width * height }, (_, i) => {
    const [px, py] = [i % width, Math.floor(i / width)];
    const off = seeds.map(([x, y]) => Math.hypot(x - px, y - py));
    return 1 + off.indexOf(Math.min(...off));
  });
  const lined = data.map((label, i) =>
    line && (((i + 1) % width > 0 && data[i + 1] !== label) || (i + width < data.length && data[i + width] !== label))
      ? 0
      : label,
  );
  return createRaster(lined, width, height);
}

describe("boundaryTarget", () => {
  it("marks both sides of a contact, or the line of 0 alone", () => {
    expect([...boundaryTarget(map([[1, 1, 1, 2, 2, 2]])).data]).toEqual([0, 0, 1, 1, 0, 0]);
    expect([...boundaryTarget(map([[1, 1, 0, 2, 2]])).data]).toEqual([0, 0, 1, 0, 0]);
    expect([...boundaryTarget(map([[0, 0, 5, 5, 5, 0]]), { zeroIs: "background" }).data]).toEqual([0, 1, 1, 0, 1, 1]);
    expect([...boundaryTarget(map([[1, 1, 1, 0, 2, 2]]), { reachPx: 1 }).data]).toEqual([0, 0, 1, 1, 1, 0]);
    // Corners alone do not touch.
    expect([
      ...boundaryTarget(
        map([
          [3, 3],
          [3, 3],
        ]),
      ).data,
    ]).toEqual([0, 0, 0, 0]);
  });

  it("refuses other options", () => {
    expect(() => boundaryTarget(map([[1]]), { reachPx: -1 })).toThrow(DomainError);
    expect(() => boundaryTarget(map([[1]]), { zeroIs: "line" as "boundary" })).toThrow(/zeroIs/);
    expect(() => boundaryTarget(createRaster(new Uint32Array(2), 1, 1, { channels: 2 }))).toThrow(ShapeError);
  });
});

describe("distanceTarget", () => {
  it("rises to 1 in the middle of each region, whatever its size; the border of the image is none", () => {
    const data = [...distanceTarget(map([[1, 1, 2, 2, 2, 2, 2, 3, 0]])).data];
    const expected = [1, 1 / 3, 0.2, 0.6, 1, 0.6, 0.2, 1, 0];
    for (const [i, value] of expected.entries()) expect(data[i]).toBeCloseTo(value, 6);
  });

  it("with a cap is the distance itself, cut", () => {
    const { data } = distanceTarget(map([[0, 7, 7, 7, 7, 7, 7]]), { capPx: 4 });
    for (const [i, value] of [0, 0.125, 0.375, 0.625, 0.875, 1, 1].entries()) expect(data[i]).toBeCloseTo(value, 6);
  });

  it("of a disc falls straight from its centre to its rim", () => {
    const disc = createRaster(
      Uint32Array.from({ length: 61 * 61 }, (_, i) =>
        Math.hypot((i % 61) - 30, Math.floor(i / 61) - 30) <= 25 ? 9 : 0,
      ),
      61,
      61,
    );
    const { data } = distanceTarget(disc);
    expect(data[30 * 61 + 30]).toBe(1);
    for (let x = 6; x < 30; x++) expect(Math.abs(data[30 * 61 + x]! - (x - 5) / 25)).toBeLessThan(0.05);
  });

  it("is 1 in a region without a border, 0 without regions", () => {
    expect([
      ...distanceTarget(
        map([
          [4, 4],
          [4, 4],
        ]),
      ).data,
    ]).toEqual([1, 1, 1, 1]);
    expect([...distanceTarget(map([[4, 4]]), { capPx: 3 }).data]).toEqual([1, 1]);
    expect([...distanceTarget(map([[0]])).data]).toEqual([0]);
    expect(() => distanceTarget(map([[1]]), { capPx: 0 })).toThrow(/capPx/);
  });
});

describe("instancesFromDistance", () => {
  /** Share of pixels that have the label most common in their true region, and the region most common in their label. */
  const agreement = (found: LabelMap, truth: LabelMap): number => {
    const pairs = new Map<string, number>();
    let total = 0;
    for (const [i, label] of truth.data.entries()) {
      if (label === 0) continue;
      total++;
      const pair = `${label} ${found.data[i]}`;
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
    }
    const best = new Map<string, { other: string; n: number }>();
    for (const [pair, n] of pairs) {
      const [label, other] = pair.split(" ") as [string, string];
      if (other !== "0" && n > (best.get(label)?.n ?? 0)) best.set(label, { other, n });
    }
    expect(new Set([...best.values()].map(({ other }) => other)).size).toBe(best.size);
    return [...best.values()].reduce((sum, { n }) => sum + n, 0) / total;
  };

  it("gives the regions back from their own distance map, also a noisy one", () => {
    const truth = cells(160, 120, 14);
    const random = createRandom(5);
    const clean = distanceTarget(truth);
    for (const noise of [0, 0.05]) {
      const distance = { ...clean, data: clean.data.map((value) => value + noise * random.normal()) };
      const found = instancesFromDistance(distance);
      expect(Math.max(...found.data)).toBe(14);
      expect(agreement(found, truth)).toBeGreaterThan(0.93);
    }
  });

  it("keeps to the foreground, and leaves lines where asked", () => {
    const truth = cells(120, 90, 8, true);
    const foreground = { ...truth, data: Uint8Array.from(truth.data, (label) => (label > 0 ? 1 : 0)) };
    const found = instancesFromDistance(distanceTarget(truth), { foreground, smoothPx: 0.5 });
    for (const [i, label] of found.data.entries()) expect(label > 0).toBe(foreground.data[i] === 1);
    expect(agreement(found, truth)).toBeGreaterThan(0.995);
    const lined = instancesFromDistance(distanceTarget(cells(120, 90, 8)), { hasLines: true });
    for (const [i, label] of lined.data.entries()) {
      const right = (i + 1) % 120 === 0 ? 0 : lined.data[i + 1]!;
      if (label > 0 && right > 0) expect(right).toBe(label);
    }
  });

  it("follows the boundary probability where it is given", () => {
    // The distance alone says half-way, the boundary says column 12.
    const width = 30;
    const distance = createRaster(
      Float32Array.from(
        { length: width * 5 },
        (_, i) => 1 - Math.min(Math.abs((i % width) - 4), Math.abs((i % width) - 25)) / 13,
      ),
      width,
      5,
    );
    const boundary = createRaster(
      Float32Array.from({ length: width * 5 }, (_, i) => (i % width === 12 ? 0.9 : 0.05)),
      width,
      5,
    );
    const seam = (labels: LabelMap): number => labels.data.findIndex((label, i) => i > 0 && label !== labels.data[0]);
    expect(seam(instancesFromDistance(distance, { boundary, smoothPx: 0 }))).toBeGreaterThanOrEqual(12);
    expect(seam(instancesFromDistance(distance, { boundary, smoothPx: 0 }))).toBeLessThanOrEqual(13);
    expect(Math.abs(seam(instancesFromDistance(distance, { smoothPx: 0 })) - 14.5)).toBeLessThan(1.6);
  });

  it("finds nothing in an empty foreground, and one region in a uniform one", () => {
    const flat = (value: number) => createRaster(new Float32Array(20).fill(value), 5, 4);
    const foreground = createRaster(new Uint8Array(20), 5, 4);
    expect([...instancesFromDistance(flat(0.5), { foreground }).data]).toEqual(new Array(20).fill(0));
    expect([...instancesFromDistance(flat(0.5)).data]).toEqual(new Array(20).fill(1));
    expect(() => instancesFromDistance(flat(Number.NaN))).toThrow(/finite/);
    expect(() => instancesFromDistance(flat(1), { depth: 0 })).toThrow(/depth/);
    expect(() => instancesFromDistance(flat(1), { boundary: createRaster(new Float32Array(4), 2, 2) })).toThrow(
      ShapeError,
    );
  });
});

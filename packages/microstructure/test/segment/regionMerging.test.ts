import { createRandom, createRaster, DomainError, type LabelMap, type Raster, ShapeError } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { connectedComponents } from "../../src/kernels/index.ts";
import { boundaryMask } from "../../src/regions/index.ts";
import { closeGaps, mergeByBoundary, regionAdjacency, skeletonize, slicSuperpixels } from "../../src/segment/index.ts";
import { voronoiGrains } from "../../src/synthesis/index.ts";

/** Three stripes four pixels wide; strength is that of the wall behind column 3 and behind column 7. */
function stripes(first: number, second: number): { labels: LabelMap; strength: Raster<Float32Array> } {
  const labels = createRaster(
    Uint32Array.from({ length: 72 }, (_, i) => 1 + Math.floor((i % 12) / 4)),
    12,
    6,
  );
  const strength = Float32Array.from({ length: 72 }, (_, i) => (i % 12 === 3 ? first : i % 12 === 7 ? second : 0));
  return { labels, strength: createRaster(strength, 12, 6) };
}

describe("regionAdjacency", () => {
  it("lists borders with their length and mean strength", () => {
    const { labels, strength } = stripes(0.5, 0.25);
    expect(regionAdjacency(labels, strength)).toEqual([
      { a: 1, b: 2, nEdges: 6, meanStrength: 0.5 },
      { a: 2, b: 3, nEdges: 6, meanStrength: 0.25 },
    ]);
    expect(regionAdjacency(labels)[1]).toEqual({ a: 2, b: 3, nEdges: 6 });
  });

  it("knows no neighbour across 0, and none of a single region", () => {
    expect(regionAdjacency(createRaster(Uint32Array.of(1, 0, 2), 3, 1))).toEqual([]);
    expect(regionAdjacency(createRaster(new Uint32Array(4).fill(7), 2, 2))).toEqual([]);
    expect(() =>
      regionAdjacency(createRaster(Uint32Array.of(1), 1, 1), createRaster(new Float32Array(2), 2, 1)),
    ).toThrow(ShapeError);
  });
});

describe("mergeByBoundary", () => {
  it("removes the borders below the limit and no other", () => {
    const { labels, strength } = stripes(0.5, 0.25);
    const { labels: merged, n, nMerged } = mergeByBoundary(labels, strength, { maxStrength: 0.3 });
    expect([n, nMerged]).toEqual([2, 1]);
    expect([...merged.data.subarray(0, 12)]).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2]);
    expect(mergeByBoundary(labels, strength).n).toBe(3);
    expect(mergeByBoundary(labels, strength, { maxStrength: 1 }).n).toBe(1);
    expect([...labels.data.subarray(0, 12)]).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]); // not changed
  });

  it("pools borders: two weak pieces do not outvote a strong one", () => {
    // 1 over 2 | 3: once 2 and 3 are one, their common border to 1 has the mean of both.
    const labels = createRaster(
      Uint32Array.from({ length: 40 }, (_, i) => (i < 20 ? 1 : i % 10 < 5 ? 2 : 3)),
      10,
      4,
    );
    const strength = createRaster(new Float32Array(40), 10, 4);
    for (let x = 0; x < 10; x++) strength.data[10 + x] = x < 5 ? 0.2 : 0.9; // the border 1–2 is weak, 1–3 strong
    for (const i of [24, 34]) strength.data[i] = 0.1; // 2–3 weakest
    const { n, labels: merged } = mergeByBoundary(labels, strength, { maxStrength: 0.5 });
    expect(n).toBe(2);
    expect(merged.data[0]).not.toBe(merged.data[39]);
    expect(merged.data[30]).toBe(merged.data[39]);
  });

  it("gives small regions to the neighbour behind the weakest border, and leaves 0 alone", () => {
    const labels = createRaster(Uint32Array.of(1, 1, 1, 2, 3, 3, 3, 0, 4), 9, 1);
    const strength = createRaster(Float32Array.of(0, 0, 0.6, 0, 0.7, 0, 0, 0, 0), 9, 1);
    const { labels: merged, n } = mergeByBoundary(labels, strength, { minAreaPx: 2 });
    expect([...merged.data]).toEqual([1, 1, 1, 1, 2, 2, 2, 0, 3]);
    expect(n).toBe(3);
  });

  it("refuses what it cannot use", () => {
    const { labels, strength } = stripes(1, 1);
    expect(() => mergeByBoundary(labels, strength, { maxStrength: Number.NaN })).toThrow(DomainError);
    expect(() => mergeByBoundary(labels, strength, { minAreaPx: -1 })).toThrow(DomainError);
    expect(() => mergeByBoundary(labels, strength, { endPx: 0.5 })).toThrow(DomainError);
    expect(() => mergeByBoundary(labels, createRaster(new Float32Array(3), 3, 1))).toThrow(ShapeError);
  });

  it("with superpixels finds the pieces of a mosaic of greys", () => {
    const truth = voronoiGrains({ width: 96, height: 96, nGrains: 9 }, createRandom(4));
    const levels = [0.1, 0.9, 0.35, 0.7, 0.2, 0.55, 1, 0, 0.8, 0.45];
    const data = Float32Array.from(truth.data, (label) => levels[label % levels.length]);
    const image = createRaster(data, 96, 96);
    const superpixels = slicSuperpixels(image, { edgePx: 8 });
    const step = Float32Array.from(data, (v, i) => {
      const right = (i + 1) % 96 === 0 ? v : data[i + 1];
      const below = i + 96 < data.length ? data[i + 96] : v;
      return Math.max(Math.abs(v - right), Math.abs(v - below));
    });
    const { labels, n } = mergeByBoundary(superpixels.labels, createRaster(step, 96, 96), {
      maxStrength: 0.04,
      minAreaPx: 16,
      endPx: 2,
    });
    expect(superpixels.n).toBeGreaterThan(100);
    expect(n).toBe(9);
    const pairs = new Map<string, number>();
    for (const [i, label] of labels.data.entries()) {
      const key = `${label} ${truth.data[i]}`;
      pairs.set(key, (pairs.get(key) ?? 0) + 1);
    }
    const matched = [...pairs.values()].toSorted((a, b) => b - a).slice(0, 9);
    expect(matched.reduce((a, b) => a + b, 0) / data.length).toBeGreaterThan(0.98);
  });
});

describe("slicSuperpixels", () => {
  const random = createRandom(2);
  const noise = createRaster(
    Float32Array.from({ length: 60 * 44 }, () => random.next()),
    60,
    44,
    { pixelSizeUm: 0.1 },
  );

  it("cuts a uniform image into the squares of the grid", () => {
    const flat = createRaster(new Float32Array(32 * 24).fill(0.5), 32, 24);
    const { labels, n } = slicSuperpixels(flat, { edgePx: 8 });
    expect(n).toBe(12);
    const areas = new Array<number>(13).fill(0);
    for (const label of labels.data) areas[label]++;
    for (const area of areas.slice(1)) expect(Math.abs(area - 64)).toBeLessThanOrEqual(20);
  });

  it("labels every pixel; regions are connected, and none is small; the same again", () => {
    const { labels, n } = slicSuperpixels(noise, { edgePx: 10, compactness: 40 });
    expect(labels.data.includes(0)).toBe(false);
    expect(connectedComponents(60, 44, labels.data, 4, new Uint32Array(60 * 44))).toBe(n);
    const areas = new Array<number>(n + 1).fill(0);
    for (const label of labels.data) areas[label]++;
    expect(Math.min(...areas.slice(1))).toBeGreaterThanOrEqual(25);
    expect(slicSuperpixels(noise, { edgePx: 10, compactness: 40 }).labels.data).toEqual(labels.data);
    expect(labels.pixelSizeUm).toBe(0.1);
  });

  it("lets centres move: more iterations give superpixels of more uniform grey", () => {
    const spread = (iterations: number): number => {
      const { labels, n } = slicSuperpixels(noise, { edgePx: 10, compactness: 20, iterations, minShare: 0 });
      const [count, sum, square] = [new Float64Array(n + 1), new Float64Array(n + 1), new Float64Array(n + 1)];
      for (const [i, label] of labels.data.entries()) {
        count[label]++;
        sum[label] += noise.data[i];
        square[label] += noise.data[i] ** 2;
      }
      return square.reduce((total, value, k) => total + (k === 0 ? 0 : value - sum[k] ** 2 / count[k]), 0);
    };
    expect(spread(10)).toBeLessThan(spread(1));
  });

  it("follows an edge of colour that grey does not show", () => {
    // Red and green of equal luminance.
    const data = new Float32Array(40 * 30 * 3);
    for (let i = 0; i < 1200; i++) data.set(i % 40 < 17 ? [0.8, 0, 0] : [0, 0.4638, 0], 3 * i);
    const { labels } = slicSuperpixels(createRaster(data, 40, 30, { channels: 3 }), { edgePx: 10 });
    for (let y = 0; y < 30; y++) expect(labels.data[y * 40 + 16]).not.toBe(labels.data[y * 40 + 17]);
  });

  it("refuses two channels, NaN and bad options", () => {
    expect(() => slicSuperpixels(createRaster(new Float32Array(8), 2, 2, { channels: 2 }))).toThrow(ShapeError);
    expect(() => slicSuperpixels(createRaster(Float32Array.of(Number.NaN), 1, 1))).toThrow(DomainError);
    expect(() => slicSuperpixels(noise, { edgePx: 1 })).toThrow(/edgePx/);
    expect(() => slicSuperpixels(noise, { compactness: 0 })).toThrow(/compactness/);
    expect(slicSuperpixels(createRaster(Float32Array.of(0.5), 1, 1)).n).toBe(1);
  });
});

describe("closeGaps", () => {
  const rows = ({ data, width }: Raster<Uint8Array>): string[] =>
    Array.from({ length: data.length / width }, (_, y) =>
      [...data.subarray(y * width, (y + 1) * width)].map((v) => (v === 0 ? "." : "#")).join(""),
    );
  const picture = (...lines: string[]): Raster<Uint8Array> =>
    createRaster(
      Uint8Array.from(lines.join(""), (c) => (c === "#" ? 1 : 0)),
      lines[0].length,
      lines.length,
    );

  it("joins two ends that face each other, and runs to a line and to the border", () => {
    const line = picture("....................", "#######....#########", "....................");
    const { mask, links, nEnds, nOpen } = closeGaps(line, { maxGapPx: 6, toBorder: false });
    expect(rows(mask)[1]).toBe("####################");
    expect(links).toEqual([{ from: { x: 6, y: 1 }, to: { x: 11, y: 1 }, kind: "end" }]);
    expect([nEnds, nOpen]).toEqual([4, 2]);
    const tee = picture("..........#..", "..........#..", "#######...#..", "..........#..", "..........#..");
    expect(rows(closeGaps(tee, { maxGapPx: 5 }).mask)[2]).toBe("###########..");
    const short = picture(".............", "###########..", ".............", ".............");
    expect(rows(closeGaps(short, { maxGapPx: 3 }).mask)[1]).toBe("#############");
  });

  it("leaves wide gaps, lines that run past each other, and specks alone", () => {
    const wide = picture("....................", "#######........#####", "....................");
    expect(rows(closeGaps(wide, { maxGapPx: 7, toBorder: false }).mask)).toEqual(rows(wide));
    const past = picture(
      "########............",
      "....................",
      "....................",
      "............########",
    );
    expect(closeGaps(past, { maxGapPx: 6, maxTurnDeg: 20, toBorder: false }).links).toEqual([]);
    const speck = picture("........", "...##...", "........", "...##...");
    expect(closeGaps(speck).links).toEqual([]);
    expect(closeGaps(picture("....")).nEnds).toBe(0);
    expect(() => closeGaps(wide, { maxGapPx: 0 })).toThrow(DomainError);
    expect(() => closeGaps(wide, { maxTurnDeg: 120 })).toThrow(DomainError);
  });

  it.each([4, 7])("closes gaps of %s px cut into a mesh, and hardly anything else", (gapPx) => {
    const size = 256;
    const labels = voronoiGrains({ width: size, height: size, nGrains: 40 }, createRandom(8));
    const mesh = skeletonize(boundaryMask(labels)).data;
    const near = (x: number, y: number, r: number): number => {
      const grains = new Set<number>();
      for (let v = Math.max(0, y - r); v <= Math.min(size - 1, y + r); v++) {
        for (let u = Math.max(0, x - r); u <= Math.min(size - 1, x + r); u++) grains.add(labels.data[v * size + u]);
      }
      return grains.size;
    };
    // Gaps in the middle of boundaries: two grains alone around, no other gap near.
    const random = createRandom(9);
    const gaps: { x: number; y: number }[] = [];
    for (let k = 0; k < 20_000 && gaps.length < 40; k++) {
      const [x, y] = [8 + random.int(size - 16), 8 + random.int(size - 16)];
      if (mesh[y * size + x] === 0 || near(x, y, 9) !== 2) continue;
      if (gaps.every((gap) => Math.hypot(gap.x - x, gap.y - y) > 26)) gaps.push({ x, y });
    }
    expect(gaps.length).toBeGreaterThan(25);
    const broken = createRaster(mesh.slice(), size, size);
    for (const [i, v] of mesh.entries()) {
      const [x, y] = [i % size, Math.floor(i / size)];
      if (v === 1 && gaps.some((gap) => Math.hypot(gap.x - x, gap.y - y) <= gapPx / 2)) broken.data[i] = 0;
    }
    const { mask, links } = closeGaps(broken, { maxGapPx: gapPx + 4 });
    // Closed: the stubs left and right of the gap are one 8-connected piece within a window around it.
    const isClosed = (gap: { x: number; y: number }): boolean => {
      const r = Math.ceil(gapPx / 2) + 3;
      const w = 2 * r + 1;
      const part = new Uint8Array(w * w);
      for (let v = 0; v < w; v++) {
        for (let u = 0; u < w; u++) part[v * w + u] = mask.data[(gap.y - r + v) * size + gap.x - r + u];
      }
      return connectedComponents(w, w, part, 8, new Uint32Array(w * w)) === 1;
    };
    const closed = gaps.filter(isClosed).length;
    const isAtGap = ({ from, to }: (typeof links)[number]): boolean =>
      gaps.some((gap) => Math.hypot((from.x + to.x) / 2 - gap.x, (from.y + to.y) / 2 - gap.y) <= gapPx / 2 + 1);
    const falseLinks = links.filter((link) => !isAtGap(link) && link.kind !== "border").length;
    expect(closed / gaps.length).toBeGreaterThanOrEqual(0.95);
    expect(falseLinks).toBeLessThanOrEqual(1);
  });
});

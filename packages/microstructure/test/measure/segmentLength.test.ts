import { createRaster, DataError, DomainError, type Raster } from "@materiome/core";
import { segmentLength, type TestCurve } from "@materiome/microstructure/measure";
import sharp from "sharp";
import { describe, expect, it } from "vitest";

const mask = (width: number, height: number, isBoundary: (x: number, y: number) => boolean): Raster<Uint8Array> =>
  createRaster(
    Uint8Array.from({ length: width * height }, (_, i) => (isBoundary(i % width, Math.floor(i / width)) ? 255 : 0)),
    width,
    height,
  );
const line = (fromX: number, fromY: number, toX: number, toY: number): TestCurve => ({
  kind: "line",
  fromX,
  fromY,
  toX,
  toY,
});
/** Vertical boundaries 3 px thick, 20 px apart. */
const stripes = mask(101, 101, (x) => x % 20 < 3);

describe("segmentLength", () => {
  it("measures what lies between thick boundaries, without line ends", () => {
    // Boundaries at 0–2, 20–22, …, 100: five runs of 17 px, from their first pixel to the boundary pixel behind: 17 steps.
    const across = segmentLength(stripes, [line(0, 50, 100, 50)], { pixelSizeUm: 0.5 });
    expect(across).toMatchObject({ n: 5, meanPx: 17, medianPx: 17, stdPx: 0, meanUm: 8.5 });
    expect(segmentLength(stripes, [line(5, 50, 95, 50)]).n).toBe(3); // both ends inside a grain
    const diagonal = segmentLength(stripes, [line(0, 0, 100, 100)]);
    expect(diagonal.byCurve[0].lengthsPx).toEqual(new Array(5).fill(17 * Math.SQRT2));
  });

  it("reads slanted lines as if the picture were turned", () => {
    const at = (deg: number): number => {
      const [ux, uy] = [Math.cos((deg * Math.PI) / 180), Math.sin((deg * Math.PI) / 180)];
      const c = line(50 - 60 * ux, 50 - 60 * uy, 50 + 60 * ux, 50 + 60 * uy);
      return segmentLength(stripes, [c], { sampling: "interpolated" }).meanPx;
    };
    expect(at(0)).toBe(17);
    expect(Math.abs(at(30) - 17 / Math.cos(Math.PI / 6))).toBeLessThan(1);
    expect(() => segmentLength(stripes, [circle(20)], { sampling: "interpolated" })).toThrow(DomainError);
  });

  const circle = (radiusPx: number): TestCurve => ({ kind: "circle", centreX: 100, centreY: 100, radiusPx });

  it("closes circles and measures along the arc", () => {
    // A cross through the middle: four arcs of a quarter each, short of the thickness of the arms (1 px).
    const cross = mask(201, 201, (x, y) => x === 100 || y === 100);
    const { n, byCurve } = segmentLength(cross, [circle(80)]);
    expect(n).toBe(4);
    for (const length of byCurve[0].lengthsPx) expect(Math.abs(length - (Math.PI / 2) * 80)).toBeLessThan(1.5);
    const ray = mask(201, 201, (x, y) => y === 100 && x > 100);
    const whole = segmentLength(ray, [circle(80)]);
    expect(whole.n).toBe(1);
    expect(Math.abs(whole.meanPx - 2 * Math.PI * 80)).toBeLessThan(1.5);
  });

  it("visits each pixel of a circle once, next to the one before", () => {
    for (const radius of [1, 2, 3, 7, 10, 33, 80]) {
      // One boundary pixel on the circle: the single segment is all other pixels.
      const spot = mask(201, 201, (x, y) => x === 100 + radius && y === 100);
      const { meanPx } = segmentLength(spot, [circle(radius)], { leastSteps: 1 });
      expect(Math.abs(meanPx / (2 * Math.PI * radius) - 1)).toBeLessThan(1.6 / (2 * Math.PI * radius));
    }
  });

  it("leaves out pieces shorter than the least length", () => {
    const gaps = mask(20, 1, (x) => ![1, 2, 5, 6, 7].includes(x)); // runs of 2 and 3
    expect(segmentLength(gaps, [line(0, 0, 19, 0)]).byCurve[0].lengthsPx).toEqual([3]);
    expect(segmentLength(gaps, [line(0, 0, 19, 0)], { leastSteps: 2 }).byCurve[0].lengthsPx).toEqual([2, 3]);
  });

  it("refuses what has no segment, or options out of range", () => {
    expect(() =>
      segmentLength(
        mask(5, 5, () => false),
        [line(0, 0, 4, 0)],
      ),
    ).toThrow(DataError);
    expect(() =>
      segmentLength(
        mask(5, 5, () => true),
        [line(0, 0, 4, 0)],
      ),
    ).toThrow(DataError);
    expect(() => segmentLength(stripes, [])).toThrow(DataError);
    expect(() => segmentLength(stripes, [line(0, 0, 9, 0)], { leastSteps: 0 })).toThrow(DomainError);
    expect(() => segmentLength(stripes, [circle(Number.NaN)])).toThrow(DomainError);
  });
});

const data = process.env["MATERIOME_DATA"];

describe("NIST etched steel", () => {
  it.skipIf(data === undefined)(
    "has NIST's published 127 segments, curve by curve (needs MATERIOME_DATA)",
    async () => {
      const file = `${data}/nist-grain-size-micrographs/ex_segmentation/optical_etched/grains_steel_highlighted_segmented.tif`;
      const { data: grey, info } = await sharp(file).greyscale().raw().toBuffer({ resolveWithObject: true });
      const found = segmentLength(createRaster(Uint8Array.from(grey), info.width, info.height), [
        line(100, 570, 699, 570),
        line(129, 0, 129, 599),
        line(100, 0, 699, 599),
        line(699, 0, 100, 599),
        ...[240, 160, 80].map((radiusPx): TestCurve => ({ kind: "circle", centreX: 400, centreY: 300, radiusPx })),
      ]);
      expect(found.n).toBe(127);
      // Numbers and means of grains_steel_highlighted_distances_e112.csv.
      expect(found.byCurve.map(({ n }) => n)).toEqual([11, 11, 16, 20, 31, 20, 18]);
      for (const [k, mean] of [43.2727, 40.3636, 45.1664, 34.3654, 44.0241, 45.9191, 22.5249].entries()) {
        expect(Math.abs(found.byCurve[k].meanPx! / mean - 1)).toBeLessThan(0.002);
      }
    },
  );
});

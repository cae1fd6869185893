import { createRandom, createRaster, DomainError, type LabelMap } from "@materiome/core";
import { boundaryCurvature, connectedRegions, tripleJunctions } from "@materiome/microstructure/regions";
import { voronoiGrains } from "@materiome/microstructure/synthesis";
import { describe, expect, it } from "vitest";

function draw(size: number, label: (x: number, y: number) => number): LabelMap {
  const data = Uint32Array.from({ length: size * size }, (_, i) => label(i % size, Math.floor(i / size)));
  return createRaster(data, size, size);
}

describe("tripleJunctions", () => {
  it("finds the junction of three straight boundaries and its angles", () => {
    for (const [turn, first, second] of [
      [10, 120, 120],
      [33, 90, 135],
      [75, 60, 150],
    ]) {
      const labels = draw(120, (x, y) => {
        const angle = (((Math.atan2(-(y - 60.3), x - 59.6) * 180) / Math.PI - turn + 720) % 360) + 0;
        return angle < first ? 1 : angle < first + second ? 2 : 3;
      });
      const found = tripleJunctions(labels, { reachPx: 40 });
      expect(found).toHaveLength(1);
      const [{ x, y, labels: around, anglesDeg }] = found;
      expect(Math.hypot(x - 59.6, y - 60.3)).toBeLessThan(1.5);
      const angle = (label: number): number => anglesDeg?.[around.indexOf(label)] as number;
      expect(Math.abs(angle(1) - first)).toBeLessThan(4);
      expect(Math.abs(angle(2) - second)).toBeLessThan(4);
      expect(angle(1) + angle(2) + angle(3)).toBeCloseTo(360, 9);
    }
  });

  it("finds as many junctions as Euler's formula asks for, and their angles add up", () => {
    const labels = voronoiGrains({ width: 160, height: 140, nGrains: 60 }, createRandom(9));
    const { width, height, data } = labels;
    const junctions = tripleJunctions(labels);
    // V − E + F = 1 with V inner junctions of their degree and V_b ends at the border of degree 3.
    const border = [
      ...Array.from({ length: width }, (_, x) => data[x]),
      ...Array.from({ length: height }, (_, y) => data[y * width + width - 1]),
      ...Array.from({ length: width }, (_, x) => data[height * width - 1 - x]),
      ...Array.from({ length: height }, (_, y) => data[(height - 1 - y) * width]),
    ];
    const ends = border.filter((label, k) => label !== border[(k + 1) % border.length]).length;
    const faces = 1 + junctions.reduce((sum, j) => sum + (j.labels.length - 2) / 2, 0) + ends / 2;
    expect(connectedRegions(labels).nRegions).toBe(faces);
    const solid = junctions.flatMap((j) => (j.anglesDeg === undefined ? [] : [j.anglesDeg]));
    expect(solid.length).toBeGreaterThan(junctions.length / 3);
    for (const angles of solid) expect(angles.reduce((sum, angle) => sum + angle, 0)).toBeCloseTo(360, 9);
  });

  it("says four regions without angles; refuses zeros", () => {
    const four = draw(40, (x, y) => 1 + (x < 20 ? 0 : 1) + (y < 20 ? 0 : 2));
    expect(tripleJunctions(four)).toEqual([{ x: 19.5, y: 19.5, labels: [2, 1, 3, 4] }]);
    expect(() => tripleJunctions(createRaster(Uint32Array.of(0, 1), 2, 1))).toThrow(/absorbBoundaries/);
    expect(() => tripleJunctions(four, { reachPx: 1 })).toThrow(DomainError);
  });
});

describe("boundaryCurvature", () => {
  it("of a disc is 1/r, with the sign of the bulge", () => {
    for (const r of [20, 30, 45]) {
      for (const [inside, outside, sign] of [
        [1, 2, 1],
        [2, 1, -1],
      ]) {
        const labels = draw(101, (x, y) => (Math.hypot(x - 50.2, y - 49.7) <= r ? inside : outside));
        const { pieces, unit } = boundaryCurvature(labels);
        expect(unit).toBe("1/px");
        expect(pieces).toHaveLength(1);
        const [piece] = pieces;
        expect(piece).toMatchObject({ first: 1, second: 2, isClosed: true });
        const shrunk = r * Math.exp(-(4 ** 2) / (2 * r * r));
        expect(Math.abs(sign * piece.meanCurvature * shrunk - 1)).toBeLessThan(0.02);
        expect(Math.abs(piece.lengthPx / (2 * Math.PI * shrunk) - 1)).toBeLessThan(0.02);
      }
    }
  });

  it("is zero on straight boundaries, and in 1/µm where calibrated", () => {
    const straight = boundaryCurvature(draw(80, (x, y) => (y > 40 + 0.31 * (x - 40) ? 1 : 2)));
    expect(straight.pieces).toHaveLength(1);
    expect(Math.abs(straight.pieces[0].meanCurvature)).toBeLessThan(0.002);
    expect(straight.pieces[0].meanAbsoluteCurvature).toBeLessThan(0.01);
    const disc = draw(81, (x, y) => (Math.hypot(x - 40, y - 40) <= 30 ? 1 : 2));
    const { pieces, unit } = boundaryCurvature({ ...disc, pixelSizeUm: 0.5 });
    expect(unit).toBe("1/um");
    expect(pieces[0].meanCurvature).toBeCloseTo(2 * boundaryCurvature(disc).pieces[0].meanCurvature, 12);
  });

  it("counts boundaries too short, leaves out those to 0", () => {
    expect(boundaryCurvature(draw(9, (x, y) => (x === 4 && y === 4 ? 1 : 2)))).toMatchObject({ pieces: [], nShort: 1 });
    expect(boundaryCurvature(draw(40, (x) => (x < 20 ? 1 : 0))).pieces).toEqual([]);
    expect(boundaryCurvature(draw(5, () => 1)).pieces).toEqual([]);
    expect(() =>
      boundaryCurvature(
        draw(5, () => 1),
        { smoothingPx: 0 },
      ),
    ).toThrow(DomainError);
  });
});

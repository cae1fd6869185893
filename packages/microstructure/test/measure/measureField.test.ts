import { createRandom, createRaster, DataError, type LabelMap } from "@materiome/core";
import { measureField } from "@materiome/microstructure";
import { grainTableCsv } from "@materiome/microstructure/measure";
import { renderMicrograph, voronoiGrains } from "@materiome/microstructure/synthesis";
import sharp from "sharp";
import { describe, expect, it } from "vitest";

const labels = voronoiGrains({ width: 400, height: 300, nGrains: 250 }, createRandom(1));

describe("measureField", () => {
  it("scales every length with the pixel", () => {
    const px = measureField(labels).measurement;
    const um = measureField(labels, { pixelSizeUm: 0.5 }).measurement;
    if (px.pixelSizeUm !== null || um.pixelSizeUm === null) throw new Error("calibration confused");
    expect(um.meanInterceptUm).toBeCloseTo(0.5 * px.meanInterceptPx, 12);
    expect(um.equivalentDiameterUm!.p90).toBeCloseTo(0.5 * px.equivalentDiameterPx!.p90, 12);
    expect(um.surfaceAreaDensityPerUm).toBeCloseTo(2 / um.meanInterceptUm, 12);
    expect(um.boundaryLengthDensityPerUm).toBeCloseTo(Math.PI / 2 / um.meanInterceptUm, 12);
    const fourTimes = measureField(labels, { pixelSizeUm: 0.25 }).measurement.grainSizeNumber.planimetric.gradeNa;
    expect(fourTimes! / um.grainSizeNumber.planimetric.gradeNa).toBeCloseTo(4, 12);
    expect(px.grainSizeNumber.intercept.G).toBeNull();
    expect(px.warnings.join()).toContain("no calibration");
    expect(JSON.stringify(px)).not.toContain('Um":0');
    expect(Object.keys(px).filter((key) => key.endsWith("Um"))).toEqual(["pixelSizeUm"]);
    expect(Object.keys(um).filter((key) => key.endsWith("Px"))).toEqual([]);
  });

  it("has the boundary length per area that the cracks of the map have", () => {
    // Cauchy: horizontal and vertical crack counts of isotropic boundaries give B_A = (π/4)(n_h + n_v) / A.
    let cracks = 0;
    for (let y = 0; y < 299; y++) {
      for (let x = 0; x < 399; x++) {
        const i = y * 400 + x;
        cracks += Number(labels.data[i] !== labels.data[i + 1]) + Number(labels.data[i] !== labels.data[i + 400]);
      }
    }
    const { measurement } = measureField(labels, { pixelSizeUm: 1 });
    if (measurement.pixelSizeUm === null) throw new Error("calibrated");
    const expected = ((Math.PI / 4) * cracks) / (399 * 299);
    expect(Math.abs(measurement.boundaryLengthDensityPerUm / expected - 1)).toBeLessThan(0.03);
  });

  it("absorbs boundary pixels, and measures grey", () => {
    const thick = { ...labels, data: labels.data.slice() };
    for (let i = 0; i + 400 < thick.data.length; i++) {
      if (labels.data[i] !== labels.data[i + 1] || labels.data[i] !== labels.data[i + 400]) thick.data[i] = 0;
    }
    const a = measureField(labels, { pixelSizeUm: 1 }).measurement;
    const b = measureField(thick, { pixelSizeUm: 1, grey: renderMicrograph(labels, {}, createRandom(1)) });
    if (a.pixelSizeUm === null || b.measurement.pixelSizeUm === null) throw new Error("calibrated");
    expect(Math.abs(b.measurement.meanInterceptUm / a.meanInterceptUm - 1)).toBeLessThan(0.02);
    expect(b.measurement.nGrains).toBe(a.nGrains);
    for (const region of b.regions) expect(Math.abs(region.meanGrey! - 0.7)).toBeLessThan(0.35);
    expect(grainTableCsv(b.regions, 1).split("\n")[0]).toContain("area (um^2)");
  });

  it("warns of a small field", () => {
    const { measurement } = measureField(voronoiGrains({ width: 60, height: 60, nGrains: 5 }, createRandom(1)));
    expect(measurement.warnings.join()).toContain("fewer than 50");
  });
});

describe("grainTableCsv", () => {
  it("writes one united row per grain", () => {
    const { regions } = measureField(createRaster(new Uint32Array([1, 1, 2, 2]), 2, 2));
    expect(grainTableCsv(regions)).toBe(
      "label,area (px^2),equivalent diameter (px),perimeter (px),major axis (px),minor axis (px),aspect ratio," +
        "orientation (deg),centroid x (px),centroid y (px),min x (px),max x (px),min y (px),max y (px),touches edge\n" +
        "1,2,1.595769,4.577636,2.309401,1.154701,2,0,0.5,0,0,1,0,0,yes\n" +
        "2,2,1.595769,4.577636,2.309401,1.154701,2,0,0.5,1,0,1,1,1,yes\n",
    );
    expect(grainTableCsv(regions, 0.5)).toContain("\n1,0.5,0.7978846,");
  });
});

describe("measureField on unlabelled areas", () => {
  const size = 300;
  const whole = voronoiGrains({ width: size, height: size, nGrains: 200 }, createRandom(3));
  const erase = (isErased: (x: number, y: number, label: number) => boolean): LabelMap =>
    createRaster(
      whole.data.map((label, i) => (isErased(i % size, Math.floor(i / size), label) ? 0 : label)),
      size,
      size,
    );
  const warned = /of the picture is label 0 in areas wider than \d+ pixels/;

  it("refuses half a picture of zeros, naming the percentage and what to do", () => {
    const half = (): unknown => measureField(erase((x) => x < size / 2));
    expect(half).toThrow(DataError);
    expect(half).toThrow(/50\.0 % of the picture is label 0.*more than 20 %.*label the grains there or crop/);
  });

  it("warns of a tenth of it", () => {
    expect(measureField(erase((x) => x < size / 10)).measurement.warnings[0]).toMatch(
      /^10\.0 % of the picture is label 0/,
    );
  });

  it("warns of a single grain without label", () => {
    const middle = whole.data[150 * size + 150] ?? 0;
    expect(measureField(erase((_x, _y, label) => label === middle)).measurement.warnings.join()).toMatch(warned);
  });

  it("says nothing of boundaries 5 px wide, nor of small islands", () => {
    const isEdge = (x: number, y: number): boolean => {
      const here = whole.data[y * size + x];
      for (let dy = -2; dy <= 2; dy++) {
        for (let dx = -2; dx <= 2; dx++) {
          const [xx, yy] = [Math.min(size - 1, Math.max(0, x + dx)), Math.min(size - 1, Math.max(0, y + dy))];
          if (dx * dx + dy * dy <= 4 && whole.data[yy * size + xx] !== here) return true;
        }
      }
      return false;
    };
    const lines = erase((x, y) => isEdge(x, y) || (x % 60) ** 2 + (y % 60) ** 2 < 16);
    const { measurement } = measureField(lines);
    expect(measurement.warnings.join()).not.toMatch(warned);
    const before = measureField(whole).measurement;
    if (before.pixelSizeUm !== null || measurement.pixelSizeUm !== null) throw new Error("pixels");
    expect(Math.abs(measurement.meanInterceptPx / before.meanInterceptPx - 1)).toBeLessThan(0.02);
  });
});

describe("measureField doubts the unit of the pixel size", () => {
  it("where G is outside −1 … 16, naming the size a thousand times smaller or larger", () => {
    const warnings = (pixelSizeUm: number): string => measureField(labels, { pixelSizeUm }).measurement.warnings.join();
    expect(warnings(0.5)).not.toContain("outside the usual");
    expect(warnings(500)).toMatch(/grain size number -\d+\.\d is outside the usual -1 … 16.*meant in nm, give 0\.5 µm/);
    expect(warnings(0.0005)).toMatch(
      /grain size number \d+\.\d is outside the usual -1 … 16.*meant in mm, give 0\.5 µm/,
    );
  });
});

const data = process.env["MATERIOME_DATA"];

describe("NIST etched steel, mask with islands absorbed", () => {
  it.skipIf(data === undefined)("has 8.89 µm along and 9.46 µm across (needs MATERIOME_DATA)", async () => {
    const file = `${data}/nist-grain-size-micrographs/ex_segmentation/optical_etched/grains_steel_highlighted_segmented.tif`;
    const mask = await sharp(file).greyscale().raw().toBuffer({ resolveWithObject: true });
    const { measurement } = measureField(interiors(mask.data, mask.info.width, mask.info.height), {
      pixelSizeUm: 0.22523,
    });
    if (measurement.pixelSizeUm === null) throw new Error("calibrated");
    expect(measurement.warnings).toEqual([]);
    const mean = (angle: number): number =>
      measurement.interceptByDirection.find((d) => d.angleDeg === angle)!.meanUm as number;
    expect(Math.abs(mean(0) / 8.89 - 1)).toBeLessThan(0.02);
    expect(Math.abs(mean(90) / 9.46 - 1)).toBeLessThan(0.02);
  });
});

/** 4-connected interiors of a mask that is 255 on boundaries and islands. */
function interiors(mask: Uint8Array, width: number, height: number): LabelMap {
  const out = new Uint32Array(mask.length);
  let n = 0;
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] !== 0 || out[start] !== 0) continue;
    out[start] = ++n;
    const stack = [start];
    for (let i = stack.pop(); i !== undefined; i = stack.pop()) {
      const x = i % width;
      for (const j of [x > 0 ? i - 1 : -1, x + 1 < width ? i + 1 : -1, i - width, i + width]) {
        if (j >= 0 && j < mask.length && mask[j] === 0 && out[j] === 0) {
          out[j] = n;
          stack.push(j);
        }
      }
    }
  }
  return createRaster(out, width, height);
}

import { createRandom, createRaster, DomainError, ShapeError } from "@materiome/core";
import { cutDefects, type Defect, type Patch, pasteDefect, scatterDefects } from "@materiome/microstructure/patches";
import { describe, expect, it } from "vitest";

/** Grey 0.5 with a dark disc of code 2 in the middle of the left half, and half a one at the lower border. */
function plate(width = 80, height = 60, grey = 0.5): Patch {
  const codes = Uint8Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return Math.hypot(x - 20, y - 30) < 6.5 || Math.hypot(x - 60, y - height) < 6.5 ? 2 : 0;
  });
  return {
    image: createRaster(
      Float32Array.from(codes, (code) => (code === 2 ? grey - 0.3 : grey)),
      width,
      height,
    ),
    codes: createRaster(codes, width, height),
  };
}

const blank = (grey: number, channels = 1): Patch => ({
  image: createRaster(new Float32Array(50 * 40 * channels).fill(grey), 50, 40, { channels }),
  codes: createRaster(new Uint8Array(2000), 50, 40),
});

describe("cutDefects", () => {
  it("cuts whole defects with their surroundings, not those at the border of the image", () => {
    const defects = cutDefects(plate(), 2, { marginPx: 5 });
    expect(defects).toHaveLength(1);
    const { image, mask } = defects[0]!;
    expect([image.width, image.height]).toEqual([13 + 10, 13 + 10]);
    expect(image.data).toEqual(Float32Array.from(mask.data, (role) => Math.fround(role === 1 ? 0.2 : 0.5)));
    expect(cutDefects(plate(), 2, { leastPx: 200 })).toEqual([]);
    expect(cutDefects(plate(), 7)).toEqual([]);
    expect(() => cutDefects(plate(), 2, { marginPx: -1 })).toThrow(DomainError);
  });

  it("marks neighbours of the same class and unlabelled pixels as telling nothing of the matrix", () => {
    const patch = plate();
    patch.codes.data[30 * 80 + 29] = 2;
    patch.codes.data[30 * 80 + 28] = 255;
    const [defect] = cutDefects(patch, 2, { marginPx: 5 });
    const { mask } = defect!;
    expect([...mask.data].filter((role) => role === 255)).toHaveLength(2);
    expect(mask.data[11 * 23 + 20]).toBe(255);
    expect(mask.data[11 * 23 + 19]).toBe(255);
  });
});

describe("pasteDefect", () => {
  const [disc] = cutDefects(plate(), 2) as [Defect];

  it("puts the defect there, matched to the grey of the place, and its codes with it", () => {
    const patch = blank(0.8);
    const { image, codes } = pasteDefect(patch, disc, { centreX: 25, centreY: 20, code: 2, featherPx: 0 });
    expect(image.data[20 * 50 + 25]).toBeCloseTo(0.5, 6);
    for (const [i, code] of codes.data.entries()) {
      const isDefect = Math.hypot((i % 50) - 25, Math.floor(i / 50) - 20) < 6.5;
      expect(code).toBe(isDefect ? 2 : 0);
      expect(image.data[i]).toBeCloseTo(isDefect ? 0.5 : 0.8, 6);
    }
    expect(patch).toEqual(blank(0.8));
    const asIs = pasteDefect(patch, disc, { centreX: 25, centreY: 20, code: 2, match: "none" });
    expect(asIs.image.data[20 * 50 + 25]).toBeCloseTo(0.2, 6);
  });

  it("softens the edge: half-way on it, over the stated width, without an edge where grey is alike", () => {
    const { image } = pasteDefect(blank(0.8), disc, { centreX: 25, centreY: 20, code: 2, featherPx: 6 });
    const row = Array.from({ length: 25 }, (_, x) => image.data[20 * 50 + x]!);
    // The edge lies between columns 18 and 19; outside it the defect's own surroundings show, matched.
    expect(row[18]).toBeCloseTo(0.8, 6);
    const t = 0.5 + 0.5 / 6;
    expect(row[19]).toBeCloseTo(0.8 - 0.3 * t * t * (3 - 2 * t), 5);
    for (let x = 1; x < 25; x++) expect(row[x]!).toBeLessThanOrEqual(row[x - 1]! + 1e-6);
    expect(row[15]).toBeCloseTo(0.8, 6);
    expect(row[22]).toBeCloseTo(0.5, 6);
    const same = { ...disc, image: { ...disc.image, data: disc.image.data.map(() => 0.3) } };
    const invisible = pasteDefect(blank(0.7), same, { centreX: 25, centreY: 20, code: 1, featherPx: 4 });
    for (const value of invisible.image.data) expect(value).toBeCloseTo(0.7, 6);
  });

  it("matches contrast too, where asked", () => {
    const random = createRandom(4);
    const noisy = (grey: number, std: number, patch: Patch): Patch => ({
      ...patch,
      image: { ...patch.image, data: patch.image.data.map((value) => value + grey + std * random.normal()) },
    });
    const [loud] = cutDefects(noisy(0, 0.06, plate()), 2) as [Defect];
    const { image, codes } = pasteDefect(noisy(0, 0.02, blank(0.6)), loud, {
      centreX: 25,
      centreY: 20,
      code: 2,
      match: "contrast",
    });
    const inner = [...image.data].filter(
      (_, i) => codes.data[i] === 2 && Math.hypot((i % 50) - 25, Math.floor(i / 50) - 20) < 5,
    );
    const mean = inner.reduce((a, b) => a + b, 0) / inner.length;
    const deviation = Math.sqrt(inner.reduce((sum, value) => sum + (value - mean) ** 2, 0) / inner.length);
    // 0.3 darker at a third of the contrast.
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.03);
    expect(Math.abs(deviation - 0.02)).toBeLessThan(0.008);
  });

  it("turns counter-clockwise, scales, and is cut at the border of the image", () => {
    const bar: Defect = {
      image: createRaster(new Float32Array(400).fill(0.5), 20, 20),
      mask: createRaster(
        Uint8Array.from({ length: 400 }, (_, i) => (Math.floor(i / 20) === 10 && i % 20 >= 10 ? 1 : 0)),
        20,
        20,
      ),
    };
    const area = (patch: Patch): number => patch.codes.data.reduce((n, code) => n + (code === 1 ? 1 : 0), 0);
    const up = pasteDefect(blank(0.5), bar, { centreX: 25, centreY: 20, code: 1, angleDeg: 90 });
    expect(up.codes.data[14 * 50 + 25]).toBe(1);
    expect(up.codes.data[26 * 50 + 25]).toBe(0);
    expect(area(up)).toBe(10);
    const doubled = pasteDefect(blank(0.5), disc, { centreX: 25, centreY: 20, code: 1, scale: 2 });
    expect(area(doubled) / area(pasteDefect(blank(0.5), disc, { centreX: 25, centreY: 20, code: 1 }))).toBeCloseTo(
      4,
      0,
    );
    const half = pasteDefect(blank(0.5), disc, { centreX: 0, centreY: 20, code: 1 });
    // Half of it, and the column of its middle, 13 px.
    expect(area(half)).toBe((area(pasteDefect(blank(0.5), disc, { centreX: 25, centreY: 20, code: 1 })) + 13) / 2);
    expect(half.codes.data[20 * 50]).toBe(1);
    expect(() => pasteDefect(blank(0.5), disc, { centreX: -30, centreY: 20, code: 1 })).toThrow(
      /nothing of the defect/,
    );
  });

  it("takes colour, each channel matched on its own", () => {
    const colour = (patch: Patch): Patch => ({
      ...patch,
      image: createRaster(
        Float32Array.from(
          { length: patch.image.data.length * 3 },
          (_, i) => patch.image.data[Math.floor(i / 3)]! * (1 - 0.2 * (i % 3)),
        ),
        patch.image.width,
        patch.image.height,
        { channels: 3 },
      ),
    });
    const [red] = cutDefects(colour(plate()), 2) as [Defect];
    const { image } = pasteDefect(blank(0.8, 3), red, { centreX: 25, centreY: 20, code: 2 });
    const at = (20 * 50 + 25) * 3;
    for (const [k, value] of [0.8 - 0.3, 0.8 - 0.24, 0.8 - 0.18].entries())
      expect(image.data[at + k]).toBeCloseTo(value, 5);
  });

  it("refuses what cannot be right", () => {
    const place = { centreX: 25, centreY: 20, code: 2 };
    const bare = { ...disc, mask: { ...disc.mask, data: new Uint8Array(disc.mask.data.length).fill(1) } };
    expect(() => pasteDefect(blank(0.5), bare, place)).toThrow(/0 pixels of surroundings/);
    expect(() => pasteDefect(blank(0.5), bare, { ...place, match: "none" })).not.toThrow();
    expect(() => pasteDefect(blank(0.5, 3), disc, place)).toThrow(ShapeError);
    expect(() => pasteDefect(blank(0.5), disc, { ...place, code: 256 })).toThrow(/code/);
    expect(() => pasteDefect(blank(0.5), disc, { ...place, scale: 0 })).toThrow(/scale/);
    expect(() => pasteDefect({ ...blank(0.5), values: blank(0).image }, disc, place)).toThrow(/further values/);
    const empty = { ...disc, mask: { ...disc.mask, data: new Uint8Array(disc.mask.data.length) } };
    expect(() => pasteDefect(blank(0.5), empty, place)).toThrow(/no pixel of 1/);
  });
});

describe("scatterDefects", () => {
  const defects = cutDefects(plate(), 2);

  it("pastes as many as asked onto the codes allowed, the same for the same seed", () => {
    const patch = blank(0.6);
    for (let i = 0; i < 50 * 20; i++) patch.codes.data[i] = 1;
    const options = { code: 2, onto: [0], count: [3, 3], scale: [0.5, 0.5] } as const;
    const { codes } = scatterDefects(patch, defects, createRandom(1), options);
    expect(codes.data.filter((code) => code === 2).length).toBeGreaterThan(40);
    expect(codes.data.subarray(0, 50 * 15).includes(2)).toBe(false);
    expect(scatterDefects(patch, defects, createRandom(1), options).codes).toEqual(codes);
    expect(scatterDefects(patch, defects, createRandom(2), options).codes).not.toEqual(codes);
    expect(() => scatterDefects(patch, [], createRandom(1), options)).toThrow(/no defects/);
    expect(() => scatterDefects(patch, defects, createRandom(1), { code: 2, onto: [9] })).toThrow(
      /no pixel of the codes 9/,
    );
  });
});

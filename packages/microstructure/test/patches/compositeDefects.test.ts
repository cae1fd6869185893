import { createRandom, createRaster, DataError, DomainError } from "@materiome/core";
import { augmentPatch, imageSource, type LabelledImage, patchSource } from "@materiome/microstructure/patches";
import { describe, expect, it } from "vitest";

const WIDTH = 120;
const classes = ["matrix", "common", "rare"];

/** Grey 0.5; a common phase of 0.8 on the right; dark discs of the rare class at the places given, with grey 0.2. */
function plate(places: readonly (readonly [number, number])[], shade = 0): LabelledImage {
  const codes = Uint8Array.from({ length: WIDTH * WIDTH }, (_, i) => {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    if (places.some(([cx, cy]) => Math.hypot(x - cx, y - cy) < 5.5)) return 2;
    return x >= 80 ? 1 : 0;
  });
  const greys = [0.5, 0.8, 0.2].map((grey) => grey + shade);
  return {
    image: createRaster(
      Float32Array.from(codes, (code) => greys[code]!),
      WIDTH,
      WIDTH,
    ),
    codes: createRaster(codes, WIDTH, WIDTH),
  };
}

const augmentation = { composite: { count: [2, 2], scale: [1, 1], angleDeg: [0, 0] } } as const;
const options = { sizePx: 64, batchSize: 1, balancedShare: 0 };
const draws = Array.from({ length: 40 }, (_, k) => createRandom("draw").fork(k));

describe("composite", () => {
  it("puts whole regions of the rare class on the class that lay around them, labels and grey alike", () => {
    const images = [plate([[30, 30]]), plate([])];
    const plain = patchSource(images, classes, options);
    const source = patchSource(images, classes, { ...options, augmentation });
    let added = 0;
    for (const random of draws) {
      const [before, after] = [plain.patch(0, 0, random), source.patch(0, 0, random)];
      for (const [i, code] of after.codes.data.entries()) {
        const was = before.codes.data[i];
        if (code === was) continue;
        expect([was, code]).toEqual([0, 2]); // never onto the common phase
        added++;
        // Inside the softened edge the grey is that of the rare class.
        const [x, y] = [i % 64, Math.floor(i / 64)];
        const inside = [-2, 0, 2].every((dy) => [-2, 0, 2].every((dx) => codeAt(after.codes, x + dx, y + dy) === 2));
        if (inside) expect(after.image.data[i]).toBeCloseTo(0.2, 5);
      }
    }
    const area = plate([[30, 30]]).codes.data.filter((code) => code === 2).length;
    expect(added % area).toBe(0);
    expect(added / area).toBeGreaterThan(40); // two a patch, but where there is no room
    expect(added / area).toBeLessThanOrEqual(80);
  });

  it("matches the grey of the place, and leaves the draws of other steps alone", () => {
    const images = [plate([[30, 30]]), plate([], 0.1)];
    const source = patchSource(images, classes, { ...options, augmentation: { ...augmentation, flip: {} } });
    const flipped = patchSource(images, classes, { ...options, augmentation: { flip: {} } });
    for (const random of draws.slice(0, 10)) {
      const [one, other] = [source.patch(0, 0, random), flipped.patch(0, 0, random)];
      const same = [...one.codes.data.keys()].filter((i) => one.codes.data[i] === other.codes.data[i]);
      expect(same.length).toBeGreaterThan(0.9 * 64 * 64);
      const brightest = (image: { data: Float32Array }) => Math.max(...image.data);
      expect(brightest(one.image)).toBeCloseTo(brightest(other.image), 6);
    }
  });

  it("refuses what it cannot do", () => {
    const border = [plate([[0, 30]])]; // cut by the border: its shape is not known
    expect(() => patchSource(border, classes, { ...options, augmentation })).toThrow(DataError);
    expect(() => patchSource([plate([])], classes, { ...options, augmentation })).toThrow(/leave composite out/);
    const patch = plate([[30, 30]]);
    expect(() => augmentPatch(patch, augmentation, createRandom(1))).toThrow(/patchSource/);
    const scale = { composite: { scale: [0.5, 1] } } as const;
    expect(() => patchSource([patch], classes, { ...options, augmentation: scale })).toThrow(/0.7 ≤ low/);
    const values = createRaster(new Float32Array(WIDTH * WIDTH), WIDTH, WIDTH);
    const valueTargets = [{ name: "distance", kind: "values", labels: ["d"] }] as const;
    expect(() => patchSource([{ ...patch, values }], classes, { ...options, augmentation, valueTargets })).toThrow(
      /composite changes labels/,
    );
    const example = { image: patch.image, label: "a" };
    expect(() => imageSource([example] as never, ["a", "b"], { augmentation })).toThrow(DomainError);
  });
});

const codeAt = ({ data, width }: { data: Uint8Array; width: number }, x: number, y: number): number | undefined =>
  x < 0 || y < 0 || x >= width ? undefined : data[y * width + x];

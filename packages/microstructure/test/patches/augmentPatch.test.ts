import { createRandom, createRaster, DomainError, type Raster, ShapeError } from "@materiome/core";
import {
  type Augmentation,
  addCharging,
  addGaussianNoise,
  addShotNoise,
  augmentPatch,
  blurAstigmatic,
  blurFocus,
  blurMotion,
  changeBrightness,
  changeContrast,
  changeGamma,
  changeWhiteBalance,
  cutMix,
  cutOut,
  type Patch,
  resolveAugmentation,
  shadeUnevenly,
} from "@materiome/microstructure/patches";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const random = createRandom(3);

/** Image whose grey is that of its class, classes 0 … n − 1 in discs and stripes: image and codes can be compared afterwards. */
function scene(width: number, height: number, n = 4): Patch {
  const codes = Uint8Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return Math.hypot(x - 0.6 * width, y - 0.4 * height) < 0.2 * width ? n - 1 : Math.floor((x + 2 * y) / 9) % (n - 1);
  });
  return {
    image: createRaster(
      Float32Array.from(codes, (code) => code / n),
      width,
      height,
    ),
    codes: createRaster(codes, width, height),
    values: createRaster(
      Float32Array.from(codes, (code) => 2 * code),
      width,
      height,
    ),
  };
}

function flat(grey: number, width: number, height: number, channels = 1): Raster<Float32Array> {
  return createRaster(new Float32Array(width * height * channels).fill(grey), width, height, { channels });
}

const mean = (values: Iterable<number>): number => {
  const all = [...values];
  return all.reduce((a, b) => a + b, 0) / all.length;
};

describe("geometric steps", () => {
  it("flips and turns permute pixels exactly, image, codes and values alike", () => {
    const patch = scene(12, 12);
    const seen = new Set<string>();
    for (let seed = 0; seed < 80; seed++) {
      const { image, codes, values } = augmentPatch(patch, { flip: {}, turn: {} }, createRandom(seed));
      expect(image.data).toEqual(Float32Array.from(codes.data, (code) => code / 4));
      expect(values?.data).toEqual(Float32Array.from(codes.data, (code) => 2 * code));
      expect([...codes.data].sort()).toEqual([...patch.codes.data].sort());
      seen.add(codes.data.join());
    }
    expect(seen.size).toBe(8);
  });

  it("a quarter turn by free rotation is that of the picture, counter-clockwise", () => {
    const patch = scene(15, 15);
    const { codes } = augmentPatch(patch, { rotate: { angleDeg: [90, 90] } }, random);
    // Counter-clockwise: the right edge becomes the upper one.
    const expected = Uint8Array.from(codes.data, (_, i) => {
      const [x, y] = [i % 15, Math.floor(i / 15)];
      return patch.codes.data[x * 15 + (14 - y)]!;
    });
    expect(codes.data).toEqual(expected);
  });

  it("magnifies about the middle", () => {
    const patch = scene(17, 17);
    const { image, codes } = augmentPatch(patch, { scale: { factor: [2, 2] } }, random);
    for (const [x, y] of [
      [8, 8],
      [10, 4],
      [0, 16],
    ] as const) {
      const from = (8 + (y - 8) / 2) * 17 + 8 + (x - 8) / 2;
      expect(codes.data[y * 17 + x]).toBe(patch.codes.data[from]);
      expect(image.data[y * 17 + x]).toBe(patch.image.data[from]);
    }
  });

  it("marks what comes from beyond the border unknown, and shows reflected image there", () => {
    const patch: Patch = { image: flat(0.5, 20, 20), codes: createRaster(new Uint8Array(400), 20, 20) };
    const { image, codes } = augmentPatch(patch, { scale: { factor: [0.5, 0.5] } }, random);
    expect(mean(codes.data.map((code) => (code === 255 ? 1 : 0)))).toBe(0.75);
    for (const value of image.data) expect(value).toBeCloseTo(0.5, 6);
  });

  it("smooths before it shrinks: a checkerboard becomes grey, not another pattern", () => {
    const checker = Float32Array.from({ length: 64 * 64 }, (_, i) => (i + Math.floor(i / 64)) % 2);
    const patch = { image: createRaster(checker, 64, 64), codes: createRaster(new Uint8Array(4096), 64, 64) };
    const { image } = augmentPatch(patch, { scale: { factor: [0.4, 0.4] } }, random);
    expect(Math.max(...image.data.map((value) => Math.abs(value - 0.5)))).toBeLessThan(0.1);
  });

  it("never makes a code that was not there, and the image follows the codes, whatever is composed", () => {
    const patch = scene(40, 30);
    const known = new Set([...patch.codes.data, 255]);
    const plan: Augmentation = {
      flip: {},
      turn: {},
      rotate: {},
      scale: { stretch: [0.8, 1.25] },
      elastic: { amplitudePx: [1, 3] },
    };
    fc.assert(
      fc.property(fc.nat(100000), (seed) => {
        const { image, codes, values } = augmentPatch(patch, plan, createRandom(seed));
        let interior = 0;
        let wrong = 0;
        let strange = 0;
        for (let y = 1; y < 29; y++) {
          for (let x = 1; x < 39; x++) {
            const i = y * 40 + x;
            if (!known.has(codes.data[i]!)) strange++;
            if (codes.data[i] === 255) continue;
            // Values are interpolated by the same map as the image.
            if (Math.abs(values!.data[i]! - 8 * image.data[i]!) > 1e-4) strange++;
            const near = [i - 1, i + 1, i - 40, i + 40, i - 41, i + 41, i - 39, i + 39];
            if (!near.every((k) => codes.data[k] === codes.data[i])) continue;
            interior++;
            if (Math.abs(image.data[i]! * 4 - codes.data[i]!) > 0.51) wrong++;
          }
        }
        expect(strange).toBe(0);
        expect(wrong).toBeLessThan(0.02 * Math.max(interior, 50));
      }),
      { numRuns: 15, seed: 5 },
    );
  });

  it("takes a code from the pixel in which its place lies: at most half a pixel off", () => {
    // Image and codes both say the column.
    const codes = Uint8Array.from({ length: 60 * 60 }, (_, i) => i % 60);
    const ramp = Float32Array.from(codes, (column) => column / 100);
    const patch = { image: createRaster(ramp, 60, 60), codes: createRaster(codes, 60, 60) };
    const plan: Augmentation = { rotate: {}, scale: { factor: [1, 1.5] }, elastic: { amplitudePx: [2, 3] } };
    for (let seed = 0; seed < 4; seed++) {
      const found = augmentPatch(patch, plan, createRandom(seed));
      let furthest = 0;
      for (const [i, code] of found.codes.data.entries()) {
        const column = 100 * found.image.data[i]!;
        // Beyond the outermost pixel centres the image is reflected.
        if (code !== 255 && column > 0.5 && column < 58.5) furthest = Math.max(furthest, Math.abs(column - code));
      }
      expect(furthest).toBeGreaterThan(0.45);
      expect(furthest).toBeLessThan(0.501);
    }
  });

  it("elastic displacement has the stated deviation, and is smooth", () => {
    // Codes and image of a ramp show where each pixel came from.
    const size = 96;
    const ramp = createRaster(
      Float32Array.from({ length: size * size }, (_, i) => (i % size) / size),
      size,
      size,
    );
    const patch = { image: ramp, codes: createRaster(new Uint8Array(size * size), size, size) };
    const squares: number[] = [];
    let steepest = 0;
    for (let seed = 0; seed < 12; seed++) {
      const plan = { elastic: { amplitudePx: [3, 3], smoothnessPx: [9, 9] } } as const;
      const { image } = augmentPatch(patch, plan, createRandom(seed));
      for (let y = 0; y < size; y += 3) {
        let before: number | undefined;
        for (let x = 16; x < size - 16; x++) {
          const dx = image.data[y * size + x]! * size - x;
          if (before !== undefined) steepest = Math.max(steepest, Math.abs(dx - before));
          before = dx;
          squares.push(dx * dx);
        }
      }
    }
    expect(steepest).toBeLessThan(1.2);
    expect(Math.sqrt(mean(squares))).toBeGreaterThan(2.6);
    expect(Math.sqrt(mean(squares))).toBeLessThan(3.4);
  });
});

describe("steps of the image", () => {
  it("contrast, brightness, gamma and white balance follow their formulas", () => {
    const image = createRaster(Float32Array.of(0.2, 0.4, 0.6, 0.8), 2, 2);
    const close = (found: Raster<Float32Array>, expected: readonly number[]): void => {
      for (const [i, value] of expected.entries()) expect(found.data[i]).toBeCloseTo(value, 6);
    };
    close(changeContrast(image, random, { factor: [0.5, 0.5] }), [0.35, 0.45, 0.55, 0.65]);
    close(changeBrightness(image, random, { shift: [0.1, 0.1] }), [0.3, 0.5, 0.7, 0.9]);
    close(changeGamma(image, random, { exponent: [2, 2] }), [0.04, 0.16, 0.36, 0.64]);
    const colour = flat(0.5, 3, 1, 3);
    const { data } = changeWhiteBalance(colour, createRandom(1), { gain: [0.5, 2] });
    expect(data[0]).toBe(data[3]);
    expect(new Set([data[0], data[1], data[2]]).size).toBe(3);
  });

  it("illumination is a polynomial of the stated degree and amplitude", () => {
    const image = flat(0.5, 33, 21);
    for (const degree of [1, 2, 4]) {
      const { data } = shadeUnevenly(image, createRandom(degree), { amplitude: [0.3, 0.3], degree: [degree, degree] });
      const relative = [...data].map((value) => value / 0.5 - 1);
      expect(Math.max(...relative.map(Math.abs))).toBeCloseTo(0.3, 5);
      // Differences of order degree + 1 of a polynomial vanish.
      let row = [...data.slice(5 * 33, 6 * 33)];
      for (let k = 0; k <= degree; k++) row = row.slice(1).map((value, i) => value - row[i]!);
      for (const value of row) expect(Math.abs(value)).toBeLessThan(1e-5);
    }
  });

  it("blurs keep the mean grey and have the stated second moments", () => {
    const size = 41;
    const point = flat(0, size, size);
    point.data[20 * size + 20] = 1;
    const moments = ({ data }: Raster<Float32Array>): { xx: number; yy: number; xy: number; sum: number } => {
      const m = { xx: 0, yy: 0, xy: 0, sum: 0 };
      for (const [i, value] of data.entries()) {
        const [x, y] = [(i % size) - 20, Math.floor(i / size) - 20];
        m.sum += value;
        m.xx += x * x * value;
        m.yy += y * y * value;
        m.xy += x * y * value;
      }
      return m;
    };
    const soft = moments(blurFocus(point, random, { sigmaPx: [2, 2] }));
    expect(soft.sum).toBeCloseTo(1, 5);
    expect(soft.xx).toBeCloseTo(4, 1);
    const long = moments(blurAstigmatic(point, random, { sigmaPx: [3, 3], ratio: [0.5, 0.5], angleDeg: [0, 0] }));
    expect(long.sum).toBeCloseTo(1, 5);
    expect(long.xx / 9).toBeCloseTo(1, 1);
    expect(long.yy / 2.25).toBeCloseTo(1, 1);
    // Counter-clockwise with y down: at 45° the long axis runs to the upper right, where x and y have different signs.
    expect(
      moments(blurAstigmatic(point, random, { sigmaPx: [3, 3], ratio: [0.5, 0.5], angleDeg: [45, 45] })).xy,
    ).toBeLessThan(-2);
    // A line of length L has variance L² / 12, linear interpolation adds up to 1/4 along each axis.
    const moved = moments(blurMotion(point, random, { lengthPx: [9, 9], angleDeg: [90, 90] }));
    expect(moved.sum).toBeCloseTo(1, 5);
    expect(moved.yy).toBeGreaterThan(81 / 12 - 0.01);
    expect(moved.yy).toBeLessThan(81 / 12 + 0.26);
    expect(moved.xx).toBe(0);
    expect(blurFocus(point, random, { sigmaPx: [0, 0] })).toBe(point);
  });

  it("charging adds falling tails to the right of bright places only", () => {
    const width = 60;
    const image = flat(0.2, width, 24);
    for (let y = 8; y < 16; y++) image.data.fill(0.9, y * width + 10, y * width + 18);
    const share = 64 / (width * 24);
    const options = { lengthPx: [5, 5], brightShare: [share, share], rowShare: [1, 1] } as const;
    const { data } = addCharging(image, createRandom(2), { amplitude: [0.3, 0.3], ...options });
    const added = (x: number, y: number): number => data[y * width + x]! - image.data[y * width + x]!;
    for (let x = 0; x <= 10; x++) for (let y = 0; y < 24; y++) expect(added(x, y)).toBe(0);
    for (let x = 0; x < width; x++) for (const y of [0, 5, 18, 23]) expect(added(x, y)).toBe(0);
    const heights = new Set<number>();
    for (let y = 9; y < 15; y++) {
      expect(added(19, y)).toBeGreaterThan(0);
      expect(added(19, y)).toBeLessThan(0.3);
      expect(added(30, y) / added(20, y)).toBeCloseTo(Math.exp(-2), 3);
      heights.add(added(20, y));
    }
    expect(heights.size).toBe(6);
    const dark = addCharging(image, createRandom(2), { amplitude: [-0.3, -0.3], ...options });
    expect(dark.data[12 * width + 20]).toBeLessThan(0.2);
    expect(addCharging(flat(0.4, 9, 9), random).data).toEqual(flat(0.4, 9, 9).data);
  });

  it("noise has the stated deviations", () => {
    const deviation = ({ data }: Raster<Float32Array>, about: number): number =>
      Math.sqrt(mean([...data].map((value) => (value - about) ** 2)));
    const image = flat(0.5, 100, 100);
    expect(deviation(addGaussianNoise(image, createRandom(1), { std: [0.05, 0.05] }), 0.5)).toBeCloseTo(0.05, 2);
    const shot = deviation(addShotNoise(image, createRandom(1), { countsAtWhite: [50, 50] }), 0.5);
    expect(shot / Math.sqrt(0.5 / 50)).toBeCloseTo(1, 1);
    expect(addShotNoise(flat(0, 5, 5), random, {}).data).toEqual(new Float32Array(25));
  });
});

describe("cut-mix and cut-out", () => {
  const one: Patch = { image: flat(0, 32, 32), codes: createRaster(new Uint8Array(1024), 32, 32) };
  const two: Patch = { image: flat(1, 32, 32), codes: createRaster(new Uint8Array(1024).fill(1), 32, 32) };

  it("cut-mix moves image and codes together, over the stated share", () => {
    for (let seed = 0; seed < 20; seed++) {
      const { image, codes } = cutMix(one, two, createRandom(seed), { share: [0.25, 0.25] });
      expect(image.data).toEqual(Float32Array.from(codes.data));
      expect(mean(codes.data)).toBeGreaterThan(0.2);
      expect(mean(codes.data)).toBeLessThan(0.3);
    }
    expect(cutMix(one, two, random, { share: [1, 1] }).codes.data).toEqual(two.codes.data);
    expect(() => cutMix(one, { ...two, image: flat(1, 16, 16) }, random)).toThrow(ShapeError);
  });

  it("cut-out shows the mean and is not learned from", () => {
    const patch = {
      ...one,
      image: createRaster(
        Float32Array.from({ length: 1024 }, (_, i) => i % 2),
        32,
        32,
      ),
    };
    const { image, codes } = cutOut(patch, random, { share: [0.1, 0.1] });
    let holes = 0;
    for (const [i, code] of codes.data.entries()) {
      if (code === 255) holes++;
      expect(image.data[i]).toBe(code === 255 ? 0.5 : i % 2);
    }
    expect(holes / 1024).toBeCloseTo(0.1, 1);
  });
});

describe("plans", () => {
  const patch = scene(24, 24);
  const plan: Augmentation = {
    flip: {},
    rotate: { angleDeg: [-20, 20], probability: 0.5 },
    elastic: { amplitudePx: [1, 2] },
    illumination: {},
    blur: {},
    charging: {},
    shotNoise: {},
    contrast: {},
    cutOut: { probability: 0.3 },
  };

  it("give the same patch for the same seed, another for another, and leave the patch alone", () => {
    const before = structuredClone(patch);
    const first = augmentPatch(patch, plan, createRandom(1));
    const used = createRandom(1);
    used.next();
    expect(augmentPatch(patch, plan, used)).toEqual(first);
    expect(augmentPatch(patch, plan, createRandom(2))).not.toEqual(first);
    expect(patch).toEqual(before);
    for (const value of first.image.data) expect(value >= 0 && value <= 1).toBe(true);
  });

  it("a further step does not change what is drawn for the others", () => {
    const plain = augmentPatch(patch, { rotate: {}, elastic: {} }, createRandom(9));
    const noisy = augmentPatch(patch, { rotate: {}, elastic: {}, gaussianNoise: {}, blur: {} }, createRandom(9));
    expect(noisy.codes).toEqual(plain.codes);
  });

  it("an empty one changes nothing; probability 0 neither", () => {
    expect(augmentPatch(patch, {}, random)).toEqual(patch);
    const never = Object.fromEntries(Object.keys(plan).map((step) => [step, { probability: 0 }])) as Augmentation;
    expect(augmentPatch(patch, never, random).image.data).toEqual(patch.image.data);
  });

  it("are plain data: a round trip through JSON is the same plan, resolving is idempotent", () => {
    const resolved = resolveAugmentation(plan);
    expect(resolved.rotate).toEqual({ angleDeg: [-20, 20], probability: 0.5 });
    expect(resolveAugmentation(JSON.parse(JSON.stringify(resolved)))).toEqual(resolved);
    const shuffled = Object.fromEntries(Object.entries(plan).reverse()) as Augmentation;
    expect(JSON.stringify(resolveAugmentation(shuffled))).toBe(JSON.stringify(resolved));
  });

  it("name the step and field that is wrong", () => {
    const bad = (data: unknown, words: RegExp): void => {
      expect(() => resolveAugmentation(data as Augmentation)).toThrow(DomainError);
      expect(() => resolveAugmentation(data as Augmentation)).toThrow(words);
    };
    bad({ flips: {} }, /"flips", which is unknown; did you mean flip\?/);
    bad({ rotate: { angle: [0, 1] } }, /rotate has the field "angle".*angleDeg/);
    bad({ rotate: { angleDeg: [10, 0] } }, /rotate\.angleDeg is \[10,0\]/);
    bad({ rotate: { angleDeg: 10 } }, /expected \[low, high\]/);
    bad({ blur: { sigmaPx: [0, null] } }, /blur\.sigmaPx/);
    bad({ blur: { probability: 2 } }, /blur\.probability is 2/);
    bad({ blur: true }, /blur is true/);
    bad({ elastic: { amplitudePx: [0, 6], smoothnessPx: [8, 8] } }, /fold/);
    bad([], /expected an object/);
    expect(() => augmentPatch(patch, { cutMix: {} }, random)).toThrow(/mixWith/);
  });

  it("refuse patches that do not fit together", () => {
    expect(() => augmentPatch({ ...patch, codes: createRaster(new Uint8Array(9), 3, 3) }, {}, random)).toThrow(
      /codes are 3 × 3/,
    );
    expect(() => augmentPatch({ ...patch, image: flat(128, 24, 24) }, {}, random)).toThrow(/is 128, expected grey/);
    expect(() => augmentPatch({ ...patch, image: flat(Number.NaN, 24, 24) }, {}, random)).toThrow(DomainError);
    expect(() => augmentPatch({ ...patch, values: flat(Infinity, 24, 24) }, {}, random)).toThrow(/not finite/);
  });
});

import { readFileSync } from "node:fs";
import { createRaster, DomainError, type Raster, ShapeError } from "@materiome/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { connectedComponents } from "../../src/kernels/index.ts";
import {
  blackTopHat,
  clearBorder,
  closing,
  convexHullImage,
  dilate,
  elementMask,
  erode,
  fillHoles,
  hMaxima,
  hMinima,
  morphologicalGradient,
  opening,
  pruneSpurs,
  reconstructByDilation,
  reconstructByErosion,
  regionalMaxima,
  regionalMinima,
  removeSmallHoles,
  removeSmallObjects,
  type StructuringElement,
  skeletonize,
  whiteTopHat,
} from "../../src/segment/index.ts";

const golden = JSON.parse(readFileSync(new URL("../fixtures/segment/morphology.json", import.meta.url), "utf8"));
const { width, height } = golden;
const grey = createRaster(Float32Array.from(golden.grey as number[]), width, height, { pixelSizeUm: 0.5 });
const bits = (text: string): number[] => [...text].map(Number);

const arbitrary = createRaster(Uint8Array.from(bits(golden.arbitrary.bits)), 5, 3);
const DISK: StructuringElement = { shape: "disk", radiusPx: 3 };
const ELEMENTS: Readonly<Record<string, StructuringElement>> = {
  square2: { shape: "square", radiusPx: 2 },
  rectangle7x3: { shape: "rectangle", widthPx: 7, heightPx: 3 },
  disk3: DISK,
  diamond2: { shape: "diamond", radiusPx: 2 },
  line7at45: { shape: "line", lengthPx: 7, angleDeg: 45 },
  arbitrary: { shape: "mask", mask: arbitrary },
};

/** Rows of characters; anything but a dot is 1. */
function picture(...rows: string[]): Raster<Uint8Array> {
  return createRaster(
    Uint8Array.from(rows.join(""), (c) => (c === "." ? 0 : 1)),
    rows[0].length,
    rows.length,
  );
}

function framed(image: Raster<Uint8Array>): Raster<Uint8Array> {
  const w = image.width + 2;
  const data = new Uint8Array(w * (image.height + 2));
  for (const [i, v] of image.data.entries()) data[(Math.floor(i / image.width) + 1) * w + (i % image.width) + 1] = v;
  return createRaster(data, w, image.height + 2);
}

function show({ data, width: w }: Raster<Uint8Array>): string[] {
  const text = [...data].map((value) => (value === 0 ? "." : "#")).join("");
  return Array.from({ length: data.length / w }, (_, y) => text.slice(y * w, (y + 1) * w));
}

const images = fc
  .record({ width: fc.integer({ min: 1, max: 12 }), height: fc.integer({ min: 1, max: 9 }) })
  .chain((size) =>
    fc
      .array(fc.integer({ min: 0, max: 6 }), {
        minLength: size.width * size.height,
        maxLength: size.width * size.height,
      })
      .map((values) => createRaster(Float32Array.from(values), size.width, size.height)),
  );
const masks = images.map((image) =>
  createRaster(
    Uint8Array.from(image.data, (v) => (v > 2 ? 1 : 0)),
    image.width,
    image.height,
  ),
);
const elements = fc.constantFrom<StructuringElement[]>(
  ...Object.values(ELEMENTS),
  { shape: "disk", radiusPx: 1.5 },
  { shape: "line", lengthPx: 5, angleDeg: 20 },
  { shape: "square", radiusPx: 0 },
);

describe.each(Object.entries(ELEMENTS))("%s", (name, element) => {
  it("erodes and dilates as SciPy does", () => {
    expect([...erode(grey, element).data]).toEqual(golden.elements[name].erode);
    expect([...dilate(grey, element).data]).toEqual(golden.elements[name].dilate);
  });

  it("gives the same for 8-bit data, and keeps kind and calibration", () => {
    const eight = createRaster(Uint8Array.from(grey.data), width, height, { pixelSizeUm: 0.5 });
    const { data, pixelSizeUm } = erode(eight, element);
    expect(data).toBeInstanceOf(Uint8Array);
    expect([...data]).toEqual(golden.elements[name].erode);
    expect(pixelSizeUm).toBe(0.5);
  });
});

describe("opening and closing", () => {
  it("bracket the image and are idempotent", () => {
    fc.assert(
      fc.property(images, elements, (image, element) => {
        const opened = opening(image, element);
        const closed = closing(image, element);
        for (const [i, value] of image.data.entries()) {
          expect(opened.data[i]).toBeLessThanOrEqual(value);
          expect(closed.data[i]).toBeGreaterThanOrEqual(value);
        }
        expect(opening(opened, element).data).toEqual(opened.data);
        expect(closing(closed, element).data).toEqual(closed.data);
        expect(whiteTopHat(image, element).data).toEqual(image.data.map((v, i) => v - opened.data[i]));
        expect(blackTopHat(image, element).data).toEqual(image.data.map((v, i) => closed.data[i] - v));
      }),
      { seed: 1, numRuns: 80 },
    );
  });

  it("are dual under the negative, the element reflected", () => {
    const half = fc.constantFrom(...Object.values(ELEMENTS).filter(({ shape }) => shape !== "mask"));
    fc.assert(
      fc.property(images, half, (image, element) => {
        const negative = createRaster(
          image.data.map((v) => 10 - v),
          image.width,
          image.height,
        );
        expect(dilate(image, element).data).toEqual(erode(negative, element).data.map((v) => 10 - v));
        expect(closing(image, element).data).toEqual(opening(negative, element).data.map((v) => 10 - v));
      }),
      { seed: 2, numRuns: 60 },
    );
  });

  it("by a disk are the same on a mask, by distances, as on the grey image of it", () => {
    const radii = fc.constantFrom(0, 1, 1.5, 2, Math.sqrt(5), 3, 20);
    fc.assert(
      fc.property(masks, radii, (mask, radiusPx) => {
        const element = { shape: "disk", radiusPx } as const;
        const asGrey = createRaster(Float32Array.from(mask.data), mask.width, mask.height);
        expect([...erode(mask, element).data]).toEqual([...erode(asGrey, element).data]);
        expect([...dilate(mask, element).data]).toEqual([...dilate(asGrey, element).data]);
      }),
      { seed: 3, numRuns: 80 },
    );
  });
});

describe("morphologicalGradient", () => {
  it("is the range under the element", () => {
    const step = createRaster(Float32Array.of(1, 1, 4, 4, 4), 5, 1);
    expect([...morphologicalGradient(step, { shape: "square", radiusPx: 1 }).data]).toEqual([0, 3, 3, 0, 0]);
  });
});

describe("elementMask", () => {
  it("draws the shapes", () => {
    expect(show(elementMask({ shape: "disk", radiusPx: 2 }))).toEqual(["..#..", ".###.", "#####", ".###.", "..#.."]);
    expect(show(elementMask({ shape: "line", lengthPx: 3, angleDeg: 90 }))).toEqual(["#", "#", "#"]);
    expect(show(elementMask({ shape: "line", lengthPx: 3, angleDeg: 45 }))).toEqual(["..#", ".#.", "#.."]);
    expect(show(elementMask({ shape: "line", lengthPx: 5, angleDeg: 160 }))).toEqual(["#....", ".###.", "....#"]);
    expect(show(elementMask({ shape: "line", lengthPx: 5, angleDeg: 0 }))).toEqual(["#####"]);
  });

  it.each<StructuringElement>([
    { shape: "disk", radiusPx: -1 },
    { shape: "square", radiusPx: 1.5 },
    { shape: "rectangle", widthPx: 2, heightPx: 3 },
    { shape: "line", lengthPx: 4, angleDeg: 0 },
    { shape: "line", lengthPx: 3, angleDeg: Number.NaN },
    { shape: "mask", mask: createRaster(Uint8Array.of(1, 0, 1), 3, 1) },
    { shape: "star" } as unknown as StructuringElement,
  ])("refuses $shape with bad sizes", (element) => {
    expect(() => elementMask(element)).toThrow(DomainError);
    expect(() => erode(grey, element)).toThrow(/^erode: /);
  });

  it("refuses an even mask, colour and NaN", () => {
    const even = createRaster(Uint8Array.of(1, 1), 2, 1);
    expect(() => dilate(grey, { shape: "mask", mask: even })).toThrow(ShapeError);
    const colour = createRaster(new Float32Array(12), 2, 2, { channels: 3 });
    expect(() => dilate(colour, DISK)).toThrow(ShapeError);
    expect(() => dilate(createRaster(Float32Array.of(0, Number.NaN), 2, 1), DISK)).toThrow(/pixel 1 is NaN/);
  });
});

describe("reconstruction", () => {
  const marker = createRaster(Float32Array.from(golden.reconstruct.marker as number[]), width, height);

  it.each([4, 8] as const)("equals scikit-image, %s-connected", (connectivity) => {
    expect([...reconstructByDilation(marker, grey, { connectivity }).data]).toEqual(golden.reconstruct[connectivity]);
  });

  it("is the fixpoint of the conditional dilation, between marker and mask", () => {
    fc.assert(
      fc.property(images, fc.constantFrom<4 | 8>(4, 8), (mask, connectivity) => {
        const start = createRaster(
          mask.data.map((v, i) => (i % 7 === 0 ? v : 0)),
          mask.width,
          mask.height,
        );
        const grown = reconstructByDilation(start, mask, { connectivity });
        const element: StructuringElement =
          connectivity === 8 ? { shape: "square", radiusPx: 1 } : { shape: "diamond", radiusPx: 1 };
        let slow = start;
        for (let k = 0; k < mask.data.length; k++) {
          slow = createRaster(
            dilate(slow, element).data.map((v, i) => Math.min(v, mask.data[i])),
            mask.width,
            mask.height,
          );
        }
        expect(grown.data).toEqual(slow.data);
        const negative = (image: Raster<Float32Array>) =>
          createRaster(
            image.data.map((v) => 9 - v),
            image.width,
            image.height,
          );
        const lowered = reconstructByErosion(negative(start), negative(mask), { connectivity });
        expect(lowered.data).toEqual(negative(grown).data);
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  it("keeps the touched regions of a mask", () => {
    const mask = picture("##..##", "##..##");
    const seed = picture("#.....", "......");
    expect(show(reconstructByDilation(seed, mask))).toEqual(["##....", "##...."]);
    expect(() => reconstructByDilation(mask, seed)).toThrow(/marker must not exceed mask; at pixel 1/);
    expect(() => reconstructByErosion(seed, mask)).toThrow(DomainError);
    expect(() => reconstructByDilation(seed, picture("#"))).toThrow(ShapeError);
    expect(() => reconstructByDilation(seed, mask, { connectivity: 6 as 4 })).toThrow(/must be 4 or 8/);
  });
});

describe("maxima", () => {
  it.each([4, 8] as const)("are scikit-image's, %s-connected", (connectivity) => {
    expect([...regionalMaxima(grey, { connectivity }).data]).toEqual(bits(golden.maxima[connectivity]));
  });

  it("of dynamics h are scikit-image's", () => {
    expect([...hMaxima(grey, golden.maxima.h).data]).toEqual(bits(golden.maxima.h8));
    expect([...hMinima(grey, golden.maxima.h).data]).toEqual(bits(golden.maxima.hMinima8));
  });

  it("keeps a peak whose dynamics is exactly h, also where grey has no exact binary form", () => {
    const line = createRaster(Float32Array.of(0, 0.8, 0.6, 1, 0), 5, 1);
    const dynamics = line.data[1] - line.data[2];
    expect([...hMaxima(line, dynamics).data]).toEqual([0, 1, 0, 1, 0]);
    expect([...hMaxima(line, dynamics + 1e-9).data]).toEqual([0, 0, 0, 1, 0]);
    expect(() => hMaxima(line, 0)).toThrow(DomainError);
  });

  it("takes a flat image as one plateau, maximum and minimum", () => {
    const flat = createRaster(new Float32Array(6).fill(2), 3, 2);
    expect([...regionalMaxima(flat).data]).toEqual([1, 1, 1, 1, 1, 1]);
    expect([...regionalMinima(flat).data]).toEqual([1, 1, 1, 1, 1, 1]);
  });
});

describe.each([0, 1])("on mask %s", (k) => {
  const entry = golden.masks[k];
  const mask = createRaster(Uint8Array.from(bits(entry.mask)), entry.width, entry.height);

  it("skeletonize equals scikit-image's thin, the same algorithm", () => {
    expect([...skeletonize(mask).data]).toEqual(bits(entry.skeleton));
  });

  it("fillHoles, removeSmallObjects and convexHullImage equal SciPy and scikit-image", () => {
    expect([...fillHoles(mask).data]).toEqual(bits(entry.filled));
    expect([...removeSmallObjects(mask, 20).data]).toEqual(bits(entry.objects20));
    expect([...convexHullImage(mask).data]).toEqual(bits(entry.hull));
  });
});

describe("regions of a mask", () => {
  const mask = picture("#......", "..####.", "..#..#.", "..####.", "......#");

  it("fills holes; a diagonal gap closes a hole only with eight neighbours", () => {
    expect(show(fillHoles(mask))).toEqual(["#......", "..####.", "..####.", "..####.", "......#"]);
    const leaky = picture(".#.", "#.#", ".#.");
    expect(show(fillHoles(leaky))).toEqual([".#.", "###", ".#."]);
    expect(show(fillHoles(leaky, { connectivity: 4 }))).toEqual([".#.", "#.#", ".#."]);
  });

  it("removes what is small, and what touches the border", () => {
    expect(show(removeSmallObjects(mask, 2))).toEqual([".......", "..####.", "..#..#.", "..####.", "......#"]);
    expect(show(removeSmallObjects(mask, 11, { connectivity: 4 }))).toEqual(Array(5).fill("......."));
    expect(show(removeSmallHoles(mask, 3))).toEqual(["#......", "..####.", "..####.", "..####.", "......#"]);
    expect(show(removeSmallHoles(mask, 2))).toEqual(show(mask));
    expect(show(clearBorder(mask, { connectivity: 4 }))).toEqual([
      ".......",
      "..####.",
      "..#..#.",
      "..####.",
      ".......",
    ]);
    expect(show(clearBorder(mask))).toEqual(Array(5).fill("......."));
  });

  it("hull of a point, a line and nothing", () => {
    expect(show(convexHullImage(picture("...", ".#.")))).toEqual(["...", ".#."]);
    expect(show(convexHullImage(picture("#....", "....#")))).toEqual(["#....", "....#"]);
    expect(show(convexHullImage(picture("#..", "...", "..#")))).toEqual(["#..", ".#.", "..#"]);
    expect(show(convexHullImage(picture("...")))).toEqual(["..."]);
  });
});

describe("skeletonize", () => {
  it("leaves thin lines and takes nothing's place", () => {
    expect(show(skeletonize(picture("#####")))).toEqual(["#####"]);
    expect(show(skeletonize(picture("....")))).toEqual(["...."]);
    expect(show(skeletonize(picture(".......", ".#####.", ".#####.", ".#####.", ".......")))[2]).toContain("###");
  });

  it("keeps the number of parts and of holes", () => {
    fc.assert(
      fc.property(masks, (mask) => {
        const thinned = skeletonize(mask);
        expect(thinned.data.every((v, i) => v <= mask.data[i])).toBe(true);
        expect(show(reconstructByDilation(thinned, mask))).toEqual(show(mask));
        const parts = (image: Raster<Uint8Array>, of: 0 | 1): number =>
          connectedComponents(
            image.width,
            image.height,
            image.data.map((v) => (v === of ? 1 : 0)),
            of === 1 ? 8 : 4,
            new Uint32Array(image.data.length),
          );
        expect(parts(thinned, 1)).toBe(parts(mask, 1));
        // A frame of background, so that what is outside counts once.
        expect(parts(framed(thinned), 0)).toBe(parts(framed(mask), 0));
        expect(skeletonize(thinned).data).toEqual(thinned.data);
      }),
      { seed: 6, numRuns: 60 },
    );
  });
});

describe("pruneSpurs", () => {
  it("takes the short branch and leaves the long line, its ends and closed lines", () => {
    const spur = picture("....#....", "....#....", "#########", ".........");
    expect(show(pruneSpurs(spur, 3))).toEqual([".........", ".........", "#########", "........."]);
    expect(show(pruneSpurs(spur, 2))).toEqual(show(spur));
    const line = picture("###");
    expect(show(pruneSpurs(line, 10))).toEqual(["###"]);
    const ring = picture(".##.", "#..#", ".##.");
    expect(show(pruneSpurs(ring, 10))).toEqual(show(ring));
    expect(() => pruneSpurs(line, -1)).toThrow(DomainError);
  });

  it("follows bent and diagonal branches", () => {
    const bent = picture(
      "#.........",
      ".#........",
      ".#........",
      "..#.......",
      "..########",
      "..#.......",
      "..#.......",
      "..#.......",
      "..#.......",
      "..#.......",
      "..#.......",
    );
    const pruned = show(pruneSpurs(bent, 5));
    expect(pruned.slice(0, 3)).toEqual(["..........", "..........", ".........."]);
    expect(pruned[10]).toBe("..#.......");
    expect(pruned[4].endsWith("#######")).toBe(true);
  });
});

import { createRandom, createRaster, type Raster } from "@materiome/core";
import { findDataBar, measureScaleBar } from "@materiome/microstructure";
import { describe, expect, it } from "vitest";

interface Style {
  readonly ground: number;
  readonly ink: number;
  readonly border: number;
  readonly boxes: boolean;
  readonly ticks: boolean;
  readonly barPx: number;
}

const WIDTH = 320;
const HEIGHT = 240;

/** Smooth grains with noise. */
function picture(rows: number, level = 0.5, seed = 1): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: WIDTH * rows }, (_, i) => {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    const value = level * (1 + 0.5 * Math.sin(x / 9) * Math.cos(y / 7)) + 0.03 * random.normal();
    return Math.min(1, Math.max(0, value));
  });
}

/** A bar of letters (5 × 9 px, a third inked) and a scale line, drawn as microscopes do. */
function bar(rows: number, style: Style): Float32Array {
  const { ground, ink, border, boxes, ticks, barPx } = style;
  const out = new Float32Array(WIDTH * rows).fill(ground);
  const rect = (x0: number, y0: number, w: number, h: number): void => {
    for (let y = y0; y < y0 + h; y++) out.fill(ink, y * WIDTH + x0, y * WIDTH + x0 + w);
  };
  for (let letter = 0; letter < 14; letter++) {
    const [x, y] = [12 + 8 * letter, rows - 16];
    rect(x, y, 2, 9);
    rect(x, y + (letter % 3) * 4, 5, 1);
  }
  const x0 = WIDTH - 30 - barPx;
  rect(x0, rows - 8, barPx, 2);
  if (ticks) for (const x of [x0, x0 + barPx - 2]) rect(x, rows - 13, 2, 12);
  rect(x0 + 20, 6, 3, 7);
  if (boxes) for (const x of [140, 180]) rect(x, 0, 1, rows);
  if (border > 0) {
    rect(0, 0, WIDTH, border);
    rect(0, rows - border, WIDTH, border);
    rect(0, 0, border, rows);
    rect(WIDTH - border, 0, border, rows);
  }
  return out;
}

function joined(above: Float32Array, below: Float32Array): Raster<Float32Array> {
  const data = new Float32Array(above.length + below.length);
  data.set(above);
  data.set(below, above.length);
  return createRaster(data, WIDTH, data.length / WIDTH);
}

const plain: Style = { ground: 0, ink: 1, border: 0, boxes: false, ticks: false, barPx: 90 };

describe("findDataBar and measureScaleBar", () => {
  it.each<[string, Style]>([
    ["white on black", plain],
    ["black on white", { ...plain, ground: 1, ink: 0 }],
    ["white on grey", { ...plain, ground: 0.25, ink: 0.9 }],
    ["framed", { ...plain, border: 2 }],
    ["framed in boxes with ticks", { ...plain, border: 1, boxes: true, ticks: true, barPx: 101 }],
    ["ticks, black on white", { ...plain, ground: 1, ink: 0, ticks: true, barPx: 61 }],
  ])("finds a bar %s and the length of its line", (_, style) => {
    const found = findDataBar(joined(picture(HEIGHT), bar(28, style)));
    expect(found).toMatchObject({ side: "bottom", top: HEIGHT, rows: 28 });
    const scale = found === undefined ? undefined : measureScaleBar(found.image, { lengthUm: 20 });
    expect(scale?.hasTicks).toBe(style.ticks);
    expect(scale?.lengthPx).toBeCloseTo(style.ticks ? style.barPx - 2 : style.barPx, 5);
    expect(scale?.calibration?.source).toBe("scale bar");
    expect((scale?.calibration?.pixelSizeUm ?? 0) * (scale?.lengthPx ?? 0)).toBeCloseTo(20, 9);
  });

  it("finds a strip along the top edge too", () => {
    const found = findDataBar(joined(bar(28, plain), picture(HEIGHT)));
    expect(found).toMatchObject({ side: "top", top: 0, rows: 28 });
  });

  it("keeps pictures whole: none, dark regions with specks, uneven edges, a blank strip, one grey", () => {
    expect(findDataBar(joined(picture(HEIGHT), picture(28, 0.5, 2)))).toBeUndefined();
    const uneven = picture(HEIGHT);
    for (let x = 0; x < WIDTH; x++) {
      const from = 200 + Math.round(6 * Math.sin(x / 20)); // an edge that no instrument draws
      for (let y = from; y < HEIGHT; y++) uneven[y * WIDTH + x] = (x * 13 + y * 29) % 97 === 0 ? 1 : 0;
    }
    expect(findDataBar(createRaster(uneven, WIDTH, HEIGHT))).toBeUndefined();
    expect(findDataBar(joined(picture(HEIGHT), new Float32Array(28 * WIDTH)))).toBeUndefined();
    expect(findDataBar(createRaster(new Float32Array(WIDTH * HEIGHT).fill(0.4), WIDTH, HEIGHT))).toBeUndefined();
    expect(findDataBar(createRaster(Float32Array.of(0.5), 1, 1))).toBeUndefined();
  });

  it("does not take rows of a black picture for the border of a bar", () => {
    const night = picture(HEIGHT);
    night.fill(0, 180 * WIDTH);
    expect(findDataBar(joined(night, bar(28, { ...plain, ground: 1, ink: 0 })))?.rows).toBe(28);
  });

  it("counts half-filled ends by their grey, and takes the polarity the other way round", () => {
    const data = new Float32Array(200 * 40);
    for (const y of [20, 21]) {
      data.fill(1, y * 200 + 50, y * 200 + 110);
      data[y * 200 + 49] = 0.25;
      data[y * 200 + 110] = 0.5;
    }
    expect(measureScaleBar(createRaster(data, 200, 40)).lengthPx).toBeCloseTo(60.75, 5);
    const dark = measureScaleBar(
      createRaster(
        data.map((value) => 1 - value),
        200,
        40,
      ),
    );
    expect(dark).toMatchObject({ polarity: "dark", left: 50, right: 109, top: 20, bottom: 21, hasTicks: false });
    expect(dark.lengthPx).toBeCloseTo(60.75, 5);
  });

  it("finds a bar burnt into the picture, inside the region given", () => {
    const data = picture(HEIGHT, 0.4);
    for (let y = 220; y < 224; y++) data.fill(1, y * WIDTH + 200, y * WIDTH + 280);
    const image = createRaster(data, WIDTH, HEIGHT);
    const region = { left: 180, top: 200, width: 130, height: 35 };
    expect(measureScaleBar(image, { region })).toMatchObject({ left: 200, right: 279, top: 220, bottom: 223 });
    expect(() => measureScaleBar(image, { region: { ...region, left: 300 } })).toThrow(/does not lie in the image/);
  });

  it("refuses where there is no bar or two could be meant", () => {
    expect(() => measureScaleBar(createRaster(picture(HEIGHT), WIDTH, HEIGHT))).toThrow(/no horizontal bar/);
    const two = new Float32Array(200 * 40);
    two.fill(1, 10 * 200 + 20, 10 * 200 + 100);
    two.fill(1, 30 * 200 + 20, 30 * 200 + 97);
    expect(() => measureScaleBar(createRaster(two, 200, 40))).toThrow(/two lines of 80\.0 and 77 px/);
    expect(() => measureScaleBar(createRaster(two, 200, 40), { lengthUm: 0 })).toThrow(/positive number/);
  });
});

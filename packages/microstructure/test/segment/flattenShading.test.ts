import { createRandom } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { bandSpace } from "../../src/bands/bandSpace.ts";
import { memoryStore } from "../../src/bands/rowStore.ts";
import { flattenShading } from "../../src/segment/flattenShading.ts";

// So many pixels that every second row and column is fitted to.
const [width, height] = [520, 510];
const random = createRandom(1);
const field = (i: number): number => Math.exp(0.4 * ((2 * (i % width)) / width - 1));
const greys = Array.from({ length: 35 }, () => 0.3 + 0.2 * random.next());
const blockOf = (i: number): number => 7 * Math.floor(i / width / 110) + Math.floor((i % width) / 75);
const shaded = Float32Array.from({ length: width * height }, (_, i) => greys[blockOf(i)]! * field(i));

function flatten(bandRows: number): Float32Array {
  const space = bandSpace(width, height, { bandRows });
  return flattenShading(space, memoryStore("float32", width, height, shaded), space.store("float32")).read(0, height);
}

describe("flattenShading", () => {
  const whole = flatten(height);

  it("divides out a slope under blocks of many greys", () => {
    const ratio = whole.map((value, i) => value / greys[blockOf(i)]!);
    const mean = ratio.reduce((sum, value) => sum + value, 0) / ratio.length;
    expect(Math.max(...[0, width - 1].map((i) => Math.abs(ratio[i]! / mean - 1)))).toBeLessThan(0.02);
  });

  it("gives what it gives for the whole image, bands of 33 rows", () => {
    expect(Buffer.compare(new Uint8Array(flatten(33).buffer), new Uint8Array(whole.buffer))).toBe(0);
  });
});

import { createRandom } from "@materiome/core";
import { describe, expect, it } from "vitest";
import type { ImageSample, ImageSamples } from "../../src/images/imageSamples.ts";
import { splitSamples } from "../../src/images/splitSamples.ts";

const classes = ["a", "b"];
const of = (samples: readonly ImageSample[]): ImageSamples => ({
  kind: "classes",
  targets: [{ name: "class", unit: "" }],
  classes,
  samples,
});
const twenty = Array.from({ length: 40 }, (_, k): ImageSample => {
  return { file: `${k}.png`, label: k < 20 ? "a" : "b", group: `g${Math.floor(k / 2)}`, values: [] };
});

describe("splitSamples", () => {
  it("holds groups and copies together, with like shares of the classes", () => {
    const contents = twenty.map((_, k) => (k === 7 ? "c2" : `c${k}`));
    const { roles, nGroups, warnings } = splitSamples(of(twenty), contents, createRandom(1));
    expect(nGroups).toBe(19);
    for (let k = 0; k < 40; k += 2) expect(roles[k]).toBe(roles[k + 1]);
    expect(roles[7]).toBe(roles[2]);
    expect(warnings).toEqual([expect.stringContaining("1 image is an exact copy")]);
    const count = (role: string, from: number) => roles.slice(from, from + 20).filter((one) => one === role).length;
    for (const from of [0, 20]) {
      expect(count("test", from)).toBeGreaterThanOrEqual(2);
      expect(count("train", from)).toBeGreaterThanOrEqual(10);
    }
    expect(roles).toContain("validation");
    expect(splitSamples(of(twenty), contents, createRandom(1)).roles).toEqual(roles);
  });

  it("says that one picture has two classes", () => {
    const contents = twenty.map((_, k) => (k === 30 ? "c2" : `c${k}`));
    const { warnings } = splitSamples(of(twenty), contents, createRandom(1));
    expect(warnings[1]).toBe("the same picture has two classes: 30.png (b) and 2.png (a)");
  });

  it("refuses a class of fewer than three groups, and one class alone", () => {
    const contents = twenty.map((_, k) => `c${k}`);
    const rare = twenty.map((sample, k) => ({ ...sample, label: k < 2 ? "b" : "a" }));
    expect(() => splitSamples(of(rare), contents, createRandom(1))).toThrow(/too few images of b \(1\).*at least 3/);
    const one = { ...of(twenty.slice(0, 20)), classes: ["a"] };
    expect(() => splitSamples(one, contents, createRandom(1))).toThrow(/all images show a; at least two classes/);
  });

  it("splits values too, also where some are not known", () => {
    const values = twenty.map((sample, k) => ({ file: sample.file, values: [k % 3 === 0 ? Number.NaN : k, k] }));
    const found = { kind: "values" as const, targets: [{ name: "y", unit: "" }], classes: [], samples: values };
    const { roles } = splitSamples(
      found,
      twenty.map((_, k) => `${k}`),
      createRandom(1),
    );
    expect(new Set(roles)).toEqual(new Set(["train", "validation", "test"]));
    const few = { ...found, samples: values.slice(0, 5) };
    expect(() => splitSamples(few, ["1", "2", "3", "4", "5"], createRandom(1))).toThrow(/at least 10 are needed/);
  });
});

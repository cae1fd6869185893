import { describe, expect, it } from "vitest";
import { augmentationOf } from "../../src/segment/augmentationOf.ts";

describe("augmentationOf", () => {
  it("takes steps by name with their own ranges, and none", () => {
    expect(augmentationOf(["flip", "cutOut"], true)).toEqual({ flip: {}, cutOut: {} });
    expect(augmentationOf(["none"], true)).toEqual({});
  });

  it("leaves the grey of colours alone", () => {
    expect(Object.keys(augmentationOf(["default"], false))).toEqual(["flip", "turn", "rotate", "scale", "elastic"]);
    expect(augmentationOf(["default"], true)).toHaveProperty("contrast");
    expect(augmentationOf(["varied"], false)).not.toHaveProperty("contrast");
  });

  it("varied does all that default does, wider, and shades; further steps come on top", () => {
    const [usual, varied] = [augmentationOf(["default"], true), augmentationOf(["varied", "composite"], true)];
    expect(Object.keys(varied).sort()).toEqual([...Object.keys(usual), "composite", "illumination"].sort());
    expect(varied.gamma?.exponent).toEqual([0.6, 1.6]);
    expect(augmentationOf(["default", "varied"], true)).toEqual(augmentationOf(["varied"], true));
  });
});

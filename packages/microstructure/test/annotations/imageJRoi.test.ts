import { readFileSync } from "node:fs";
import { FormatError } from "@materiome/core";
import {
  encodeImageJRoi,
  imageJRoiZip,
  rasteriseAnnotations,
  readImageJRoi,
  readImageJRois,
} from "@materiome/microstructure/annotations";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";

const { files } = JSON.parse(
  readFileSync(new URL("../fixtures/regions/imagej_rois.json", import.meta.url), "utf8"),
) as {
  files: Record<string, string>;
};
const bytes = (name: string): Uint8Array => Uint8Array.from(Buffer.from(files[name], "hex"));
const rings = (name: string): number[][] =>
  readImageJRoi(bytes(name)).polygons.flatMap((polygon) => polygon.rings.map((ring) => [...ring]));

describe("ROIs laid out by hand", () => {
  it("are read: areas", () => {
    expect(rings("triangle")).toEqual([[10, 20, 25, 22, 17, 30]]);
    expect(readImageJRoi(bytes("triangle")).name).toBe("carbide-3");
    expect(rings("rectangle")).toEqual([[3, 2, 13, 2, 13, 7, 3, 7]]);
    expect(rings("subpixel rectangle")).toEqual([[3.5, 2.25, 13, 2.25, 13, 6.75, 3.5, 6.75]]);
    expect(rings("traced")).toEqual([[1, 1, 3, 1, 3, 3, 1, 3]]);
    expect(readImageJRoi(bytes("traced")).name).toBe("µ-phase 12");
    expect(rings("composite")).toEqual([
      [0, 0, 6, 0, 6, 6, 0, 6],
      [2, 2, 2, 4, 4, 4, 4, 2],
    ]);
    const oval = rasteriseAnnotations(
      { annotations: [{ className: "pore", polygons: readImageJRoi(bytes("oval")).polygons }], warnings: [] },
      { width: 20, height: 10 },
    );
    const inside = Array.from({ length: 200 }, (_, i) => {
      const [x, y] = [((i % 20) + 0.5 - 10) / 10, (Math.floor(i / 20) + 0.5 - 5) / 5];
      return x * x + y * y <= 1 ? 1 : 0;
    });
    expect([...oval.labels.data]).toEqual(inside);
  });

  it("are read: lines", () => {
    expect(readImageJRoi(bytes("line")).lines).toEqual([{ points: Float64Array.of(1.5, 2.5, 11.5, 2.5), widthPx: 3 }]);
    const [line] = readImageJRoi(bytes("subpixel polyline")).lines;
    expect([...line.points]).toEqual([0.5, 0.5, 3.25, 5, 6, 0.75]);
  });

  it("are refused, or left out with a word", () => {
    expect(() => readImageJRoi(bytes("rounded"), "r")).toThrow(/"r": rounded rectangles/);
    expect(() => readImageJRoi(bytes("curves"))).toThrow(/has curves/);
    expect(() => readImageJRoi(bytes("triangle").subarray(0, 70))).toThrow(/cut short/);
    expect(() => readImageJRoi(bytes("composite").subarray(0, 100))).toThrow(/cut short/);
    expect(() => readImageJRoi(Uint8Array.of(1, 2, 3))).toThrow(/no ROI of ImageJ/);
    const set = readImageJRois(
      zipSync({ "p.roi": bytes("point"), "a/t.roi": bytes("triangle"), "x.txt": new Uint8Array(2) }),
    );
    expect(set.annotations).toEqual([expect.objectContaining({ className: "carbide", label: 3, name: "carbide-3" })]);
    expect(set.warnings).toEqual([
      '"p" is of ImageJ\'s type point, which marks no area; it is left out',
      '"x.txt" is no .roi; it is left out',
    ]);
  });
});

describe("ROIs that are written", () => {
  it("have the layout of ImageJ", () => {
    const written = encodeImageJRoi("carbide-3", [{ rings: [Float64Array.of(10, 20, 25, 22, 17, 30)] }]);
    const known = bytes("triangle"); // the same ROI but for its version and its type, traced in place of polygon
    known[5] = written[5];
    known[6] = 8;
    expect([...written]).toEqual([...known]);
    const view = new DataView(encodeImageJRoi("h", [{ rings: [Float64Array.of(1.5, 2, 4, 2, 4, 5.25)] }]).buffer);
    expect(view.getUint8(6)).toBe(0);
    expect([8, 10, 12, 14].map((at) => view.getInt16(at))).toEqual([2, 1, 6, 4]);
    expect(view.getUint16(50)).toBe(128);
    expect([76, 80, 84, 88, 92, 96].map((at) => view.getFloat32(at))).toEqual([1.5, 4, 4, 2, 2, 5.25]);
  });

  it("are refused where they cannot be held", () => {
    expect(() => encodeImageJRoi("far", [{ rings: [Float64Array.of(0, 0, 40_000, 0, 0, 9)] }])).toThrow(FormatError);
    expect(() => encodeImageJRoi("none", [])).toThrow(FormatError);
    const line = { className: "l", polygons: [], lines: [{ points: Float64Array.of(0, 0, 1, 1), widthPx: 1 }] };
    expect(() => imageJRoiZip({ annotations: [line], warnings: [] })).toThrow(/only areas/);
  });

  it("zips cut short, or of something else, are refused", () => {
    const zip = imageJRoiZip({
      annotations: [{ className: "α/β", polygons: [{ rings: [Float64Array.of(0, 0, 3, 0, 3, 3)] }] }],
      warnings: [],
    });
    expect(readImageJRois(zip).annotations[0]).toMatchObject({ className: "α/β", label: 1, name: "α/β-1" });
    expect(() => readImageJRois(zip.subarray(0, zip.length - 30))).toThrow(/damaged or cut short/);
    expect(() => readImageJRois(zip.subarray(0, 40))).toThrow(/damaged or cut short/);
    expect(() => readImageJRois(new Uint8Array(50))).toThrow(/neither a zip/);
  });
});

import { DataError, ShapeError } from "@materiome/core";
import { type Annotation, type AnnotationSet, rasteriseAnnotations } from "@materiome/microstructure/annotations";
import { describe, expect, it } from "vitest";

function polygon(className: string, ...points: number[]): Annotation {
  return { className, polygons: [{ rings: [Float64Array.from(points)] }] };
}
function set(...annotations: Annotation[]): AnnotationSet {
  return { annotations, width: 6, height: 4, warnings: [] };
}
function rows(data: Uint32Array): string[] {
  return [0, 1, 2, 3].map((y) => data.subarray(6 * y, 6 * y + 6).join(""));
}

describe("rasteriseAnnotations", () => {
  it("takes pixels whose centre is inside; left and upper edges count, right and lower ones do not", () => {
    const { labels } = rasteriseAnnotations(set(polygon("a", 0.5, 0.5, 2.5, 0.5, 2.5, 2.5, 0.5, 2.5)));
    expect(rows(labels.data)).toEqual(["110000", "110000", "000000", "000000"]);
    const halves = set(polygon("a", 0, 0, 6, 0, 0, 4), polygon("b", 6, 0, 6, 4, 0, 4));
    const both = rasteriseAnnotations(halves).labels.data; // a common edge: every pixel once
    expect(both.filter((v) => v === 0).length).toBe(0);
  });

  it("paints lines with the width of the pen", () => {
    const line = (widthPx: number): Annotation => ({
      className: "scribble",
      polygons: [],
      lines: [{ points: Float64Array.of(1.5, 1.5, 4.5, 1.5), widthPx }],
    });
    expect(rows(rasteriseAnnotations(set(line(1))).labels.data)).toEqual(["000000", "011110", "000000", "000000"]);
    expect(rows(rasteriseAnnotations(set(line(2))).labels.data)).toEqual(["011110", "111111", "011110", "000000"]);
  });

  it("refuses overlaps, or settles them by order", () => {
    const two = set(polygon("a", 0, 0, 4, 0, 4, 4, 0, 4), polygon("b", 3, 0, 6, 0, 6, 4, 3, 4));
    expect(() => rasteriseAnnotations(two)).toThrow(
      /annotation 2 \("b"\) and annotation 1 \("a"\) overlap at pixel \(3, 0\)/,
    );
    expect(rows(rasteriseAnnotations(two, { overlap: "later" }).labels.data)[0]).toBe("111222");
    expect(rows(rasteriseAnnotations(two, { overlap: "earlier" }).labels.data)[0]).toBe("111122");
    const same = set(polygon("a", 0, 0, 4, 0, 4, 4, 0, 4), polygon("a", 3, 0, 6, 0, 6, 4, 3, 4));
    expect(rows(rasteriseAnnotations(same).labels.data)[0]).toBe("111111");
    expect(() => rasteriseAnnotations(same, { by: "instance" })).toThrow(DataError);
  });

  it("refuses unknown classes, other sizes, what lies outside, what crosses itself", () => {
    const one = set(polygon("martensite", 0, 0, 4, 0, 4, 4));
    expect(() => rasteriseAnnotations(one, { classes: ["ferrite"] })).toThrow(/"martensite", which is none of ferrite/);
    expect(() => rasteriseAnnotations(set(polygon("", 0, 0, 4, 0, 4, 4)))).toThrow(/has no class/);
    expect(() => rasteriseAnnotations(one, { width: 7 })).toThrow(ShapeError);
    expect(() => rasteriseAnnotations({ annotations: [], warnings: [] })).toThrow(/give width and height/);
    expect(() => rasteriseAnnotations(set(polygon("a", 7, 0, 9, 0, 9, 4)))).toThrow(/lies outside/);
    const over = set(polygon("a", 2, 0, 9, 0, 9, 4, 2, 4));
    expect(() => rasteriseAnnotations(over)).toThrow(/reaches 3.0 px over/);
    expect(rows(rasteriseAnnotations(over, { outside: "clip" }).labels.data)[0]).toBe("001111");
    const bow = set(polygon("a", 0, 0, 6, 4, 6, 0, 0, 4));
    expect(() => rasteriseAnnotations(bow)).toThrow(/crosses itself near \(3.0, 2.0\)/);
    expect(rows(rasteriseAnnotations(bow, { crossing: "evenOdd" }).labels.data)[0]).toBe("100001");
    expect(rows(rasteriseAnnotations(bow, { crossing: "evenOdd" }).labels.data)[1]).toBe("110011");
  });

  it("names annotations too small for a pixel centre", () => {
    const { labels, empty } = rasteriseAnnotations(
      set(polygon("a", 1, 1, 1.3, 1, 1.3, 1.3), polygon("a", 0, 0, 2, 0, 2, 2)),
    );
    expect(empty).toEqual([0]);
    expect(labels.data.some((v) => v === 1)).toBe(true);
  });
});

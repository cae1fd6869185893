import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRaster, DomainError, FormatError } from "@materiome/core";
import {
  annotateRegions,
  cocoInstances,
  geoJson,
  imageJRoiZip,
  labelMeJson,
  rasteriseAnnotations,
  readAnnotationFile,
  readGeoJson,
  readLabelMe,
} from "@materiome/microstructure/annotations";
import { describe, expect, it } from "vitest";

describe("LabelMe", () => {
  const file = (...shapes: object[]): object => ({ shapes, imageHeight: 8, imageWidth: 8, imagePath: "a.png" });

  it("is read: polygon, rectangle, circle, lines; points with a warning", () => {
    const set = readLabelMe(
      file(
        {
          label: "pore",
          points: [
            [0, 0],
            [2, 0],
            [2, 2],
          ],
          shape_type: "polygon",
        },
        {
          label: "pore",
          points: [
            [4, 6],
            [2, 3],
          ],
          shape_type: "rectangle",
        },
        {
          label: "oxide",
          points: [
            [5, 5],
            [7, 5],
          ],
          shape_type: "circle",
        },
        {
          label: "crack",
          points: [
            [0, 7.5],
            [3, 7.5],
          ],
          shape_type: "linestrip",
        },
        { label: "pit", points: [[1, 1]], shape_type: "point" },
      ),
      { lineWidthPx: 2 },
    );
    expect(set.annotations.map((a) => a.className)).toEqual(["pore", "pore", "oxide", "crack"]);
    expect([...set.annotations[1].polygons[0].rings[0]]).toEqual([4, 6, 2, 6, 2, 3, 4, 3]);
    expect(set.annotations[3].lines?.[0].widthPx).toBe(2);
    expect(set.warnings).toEqual(['shapes[4] ("pit") is a point, which marks no area; it is left out']);
    const only = { ...set, annotations: [set.annotations[2]] };
    expect(rasteriseAnnotations(only).labels.data.filter((v) => v === 1).length).toBe(12); // centres within 2 px
  });

  it("is refused with the place", () => {
    expect(() => readLabelMe(file({ label: 3, points: [] }))).toThrow(/shapes\[0\].label: expected text, got 3/);
    expect(() =>
      readLabelMe(
        file({
          label: "a",
          points: [
            [1, 1],
            [2, null],
          ],
        }),
      ),
    ).toThrow(/points\[1\]\[1\]/);
    expect(() =>
      readLabelMe(
        file({
          label: "a",
          points: [
            [1, 1],
            [2, 2],
          ],
        }),
      ),
    ).toThrow(/at least 3 points/);
    expect(() =>
      readLabelMe(
        file({
          label: "a",
          points: [
            [1, 1],
            [1, 1],
          ],
          shape_type: "circle",
        }),
      ),
    ).toThrow(/no area/);
    expect(() => readLabelMe(file({ label: "a", points: [], shape_type: "star" }))).toThrow(/no shape "star"/);
    expect(() => labelMeJson({ annotations: [], warnings: [] })).toThrow(/size of the image/);
  });
});

describe("GeoJSON", () => {
  it("says its units", () => {
    const labels = createRaster(Uint32Array.of(0, 3), 2, 1, { pixelSizeUm: 0.5 });
    const json = geoJson(annotateRegions(labels), { units: "um" });
    expect(json).toMatchObject({
      units: "um",
      pixelSizeUm: 0.5,
      width: 2,
      features: [
        {
          properties: { classification: { name: "region" }, label: 3 },
          geometry: {
            type: "Polygon",
            coordinates: [
              [
                [0.5, 0.5],
                [0.5, 0],
                [1, 0],
                [1, 0.5],
                [0.5, 0.5],
              ],
            ],
          },
        },
      ],
    });
    expect(() => geoJson(annotateRegions({ ...labels, pixelSizeUm: undefined }), { units: "um" })).toThrow(DomainError);
    expect(() => readGeoJson({ ...json, pixelSizeUm: null })).toThrow(/no pixel size is known/);
  });

  it("of QuPath is read; other geometries with a warning", () => {
    const ring = [
      [0, 0],
      [2, 0],
      [2, 2],
      [0, 0],
    ];
    const set = readGeoJson([
      {
        type: "Feature",
        properties: { classification: { name: "Tumour" } },
        geometry: { type: "Polygon", coordinates: [ring] },
      },
      { type: "Feature", properties: null, geometry: { type: "Point", coordinates: [1, 1] } },
      {
        type: "Feature",
        properties: { name: "scratch" },
        geometry: {
          type: "LineString",
          coordinates: [
            [0, 0],
            [2, 2],
          ],
        },
      },
    ]);
    expect(set.annotations.map((a) => a.className)).toEqual(["Tumour", "scratch"]);
    expect(set.warnings).toHaveLength(1);
    expect(() => readGeoJson({ type: "Feature" })).toThrow(/FeatureCollection/);
    expect(() => readGeoJson({ type: "FeatureCollection", units: "mm", features: [] })).toThrow(/units/);
    expect(() =>
      readGeoJson({ type: "FeatureCollection", features: [{ geometry: { type: "Polygon", coordinates: [] } }] }),
    ).toThrow(/no ring/);
  });
});

describe("readAnnotationFile", () => {
  it("tells the formats apart and names the file in errors", async () => {
    const folder = mkdtempSync(join(tmpdir(), "annotations-"));
    try {
      const labels = createRaster(Uint32Array.of(0, 3, 3, 3), 2, 2);
      const set = annotateRegions(labels);
      const files: Record<string, string | Uint8Array> = {
        "a.json": JSON.stringify(cocoInstances(labels)),
        "b.json": JSON.stringify(labelMeJson(set)),
        "c.geojson": JSON.stringify(geoJson(set)),
        "d.zip": imageJRoiZip(set),
      };
      for (const [name, content] of Object.entries(files)) {
        writeFileSync(join(folder, name), content);
        const read = await readAnnotationFile(join(folder, name));
        const { labels: back } = rasteriseAnnotations(read, { width: 2, height: 2, by: "instance" });
        expect([...back.data], name).toEqual([0, 3, 3, 3]);
      }
      writeFileSync(join(folder, "cut.json"), (files["a.json"] as string).slice(0, 40));
      await expect(readAnnotationFile(join(folder, "cut.json"))).rejects.toThrow(/^cut.json: .*cut short/);
      writeFileSync(join(folder, "cut.zip"), (files["d.zip"] as Uint8Array).subarray(0, 60));
      await expect(readAnnotationFile(join(folder, "cut.zip"))).rejects.toThrow(/^cut.zip: .*cut short/);
      writeFileSync(join(folder, "other.json"), "{}");
      await expect(readAnnotationFile(join(folder, "other.json"))).rejects.toThrow(FormatError);
      await expect(readAnnotationFile(join(folder, "none.json"))).rejects.toThrow(/none.json: cannot be read/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

import { createRandom, createRaster, DataError, FormatError, IncompatibleError, type LabelMap } from "@materiome/core";
import {
  applyEdits,
  labelMapHash,
  type RegionEdit,
  readRegionEdit,
  replayEdits,
} from "@materiome/microstructure/regions";
import { voronoiGrains } from "@materiome/microstructure/synthesis";
import { describe, expect, it } from "vitest";
import { map, rows } from "./labelText.ts";

const field = map("111222", "111222", "111333", "000333");

describe("applyEdits", () => {
  const once = (edit: RegionEdit): string[] => rows(applyEdits(field, [edit]).labels);

  it("merges, deletes, relabels", () => {
    expect(once({ op: "merge", labels: [2, 1] })).toEqual(["222222", "222222", "222333", "000333"]);
    expect(once({ op: "merge", labels: [2, 1], into: 1 })).toEqual(["111111", "111111", "111333", "000333"]);
    expect(once({ op: "delete", labels: [1, 3] })).toEqual(["000222", "000222", "000000", "000000"]);
    expect(once({ op: "relabel", from: 1, to: 8 })).toEqual(["888222", "888222", "888333", "000333"]);
  });

  it("splits by a line; the larger part keeps the number, pixels on the line go to the nearer part", () => {
    const wide = map("1111111", "1111111");
    const { labels, log } = applyEdits(wide, [
      {
        op: "split",
        label: 1,
        line: [
          [4.5, -1],
          [4.5, 5],
        ],
      },
    ]);
    expect(rows(labels)).toEqual(["1111?22", "1111?22"].map((row) => row.replace("?", String(labels.data[4]))));
    expect([1, 2]).toContain(labels.data[4]); // in the middle
    expect(log[0].created).toEqual([2]);
  });

  it("draws and brushes, over all or only where nothing is", () => {
    const square = [
      [
        [2, 1],
        [4, 1],
        [4, 4],
        [2, 4],
      ],
    ] as const;
    expect(once({ op: "draw", label: 9, rings: square })).toEqual(["111222", "119922", "119933", "009933"]);
    expect(once({ op: "draw", label: 9, rings: square, over: "unlabelled" })).toEqual([
      "111222",
      "111222",
      "111333",
      "009333",
    ]);
    expect(
      once({
        op: "brush",
        label: 0,
        line: [
          [0, 0.5],
          [6, 0.5],
        ],
        widthPx: 1,
      }),
    ).toEqual(["000000", "111222", "111333", "000333"]);
  });

  it("keeps phases with their regions", () => {
    const { phases, log } = applyEdits(
      field,
      [
        { op: "setPhase", labels: [1, 2], phase: "ferrite", by: "A. Lab", at: "2026-03-01" },
        { op: "relabel", from: 2, to: 7 },
        { op: "setPhase", labels: [1], phase: null },
        { op: "delete", labels: [3] },
      ],
      { phases: { 3: "carbide" } },
    );
    expect(phases).toEqual({ 7: "ferrite" });
    expect(log.map((r) => [r.changedPx, r.created, r.removed])).toEqual([
      [0, [], []],
      [6, [7], [2]],
      [0, [], []],
      [6, [], [3]],
    ]);
    expect(log[0].edit).toMatchObject({ by: "A. Lab", at: "2026-03-01" });
    expect(log[0].before).not.toBe(log[0].after); // phases count
    expect(log[1].before).toBe(log[0].after);
  });

  it("leaves its arguments alone, and refuses what cannot be applied", () => {
    const before = labelMapHash(field);
    const refuse =
      (edit: unknown): (() => unknown) =>
      () =>
        applyEdits(field, [edit as RegionEdit]);
    expect(refuse({ op: "merge", labels: [1, 5] })).toThrow(/edit 1 \(merge\): there is no region 5/);
    expect(refuse({ op: "merge", labels: [1] })).toThrow(DataError);
    expect(refuse({ op: "relabel", from: 1, to: 2 })).toThrow(/exists already/);
    expect(
      refuse({
        op: "split",
        label: 1,
        line: [
          [0, 1.5],
          [1.2, 1.5],
        ],
      }),
    ).toThrow(/does not part region 1/);
    expect(refuse({ op: "paint" })).toThrow(/op must be one of merge/);
    expect(refuse({ op: "toString" })).toThrow(/op must be one of merge/);
    expect(refuse({ op: "delete", labels: [1, 1] })).toThrow(/different labels/);
    expect(refuse({ op: "delete", labels: [1], by: 7 })).toThrow(/by must be text/);
    expect(
      refuse({
        op: "draw",
        label: 1,
        rings: [
          [
            [0, 0],
            [1, 1],
          ],
        ],
      }),
    ).toThrow(FormatError);
    expect(
      refuse({
        op: "brush",
        label: 1,
        line: [
          [0, 0],
          [1, null],
        ],
        widthPx: 1,
      }),
    ).toThrow(/line must be/);
    expect(() => readRegionEdit(null, "line 3")).toThrow(/line 3: expected an object/);
    expect(labelMapHash(field)).toBe(before);
  });
});

describe("splitting grains", () => {
  it("keeps every pixel in a part, parts connected", () => {
    const labels = voronoiGrains({ width: 90, height: 70, nGrains: 12 }, createRandom(3));
    const { labels: split, log } = applyEdits(labels, [{ op: "split", label: 5, line: crossing(labels, 5) }]);
    expect(log[0].created.length).toBeGreaterThan(0);
    const area = (map: LabelMap, wanted: readonly number[]): number =>
      map.data.filter((l) => wanted.includes(l)).length;
    expect(area(split, [5, ...log[0].created])).toBe(area(labels, [5]));
    expect(log[0].changedPx).toBe(area(split, log[0].created));
    expect(area(split, [5])).toBeGreaterThanOrEqual(area(split, [log[0].created[0]]));
  });
});

/** A horizontal line through the middle of a region. */
function crossing(labels: LabelMap, label: number): [number, number][] {
  const ys = [...labels.data].flatMap((l, i) => (l === label ? [Math.floor(i / labels.width)] : []));
  const y = (Math.min(...ys) + Math.max(...ys)) / 2 + 0.3;
  return [
    [0, y],
    [labels.width, y + 2],
  ];
}

describe("replayEdits", () => {
  const edits: RegionEdit[] = [
    { op: "merge", labels: [1, 2], by: "B" },
    {
      op: "brush",
      label: 4,
      line: [
        [0, 0],
        [3, 3],
      ],
      widthPx: 1.5,
    },
  ];

  it("repeats a log that went through JSON", () => {
    const { labels, log } = applyEdits(field, edits, { phases: { 1: "ferrite" } });
    const again = replayEdits(field, JSON.parse(JSON.stringify(log)), { phases: { 1: "ferrite" } });
    expect(again.labels.data).toEqual(labels.data);
    expect(again.log).toEqual(log);
  });

  it("refuses another map, other phases, and a changed log", () => {
    const { log } = applyEdits(field, edits);
    const other = { ...field, data: field.data.slice() };
    other.data[0] = 3;
    expect(() => replayEdits(other, log)).toThrow(IncompatibleError);
    expect(() => replayEdits({ ...field, width: 4, height: 6 }, log)).toThrow(/this one is/);
    expect(() => replayEdits(field, log, { phases: { 1: "x" } })).toThrow(IncompatibleError);
    const changed = log.map((record, k) =>
      k === 0 ? { ...record, edit: { ...edits[0], labels: [1, 3] } as RegionEdit } : record,
    );
    expect(() => replayEdits(field, changed)).toThrow(/edit 1 \(merge\) gives/);
  });

  it("hashes as documented", () => {
    // printf '\2\0\0\0\1\0\0\0\7\0\0\0\0\0\0\0[]' | sha256sum
    expect(labelMapHash(createRaster(Uint32Array.of(7, 0), 2, 1))).toBe(
      "5a2c020ef6f7be60606eeba6d36ad8f1c78792c3cac61c551dc689d1809432ed",
    );
  });
});

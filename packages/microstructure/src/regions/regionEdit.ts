import { FormatError } from "@materiome/core";

/** Who edited, when and why, as the caller says it; nothing is filled in. */
export interface EditAuthor {
  readonly by?: string | undefined;
  readonly at?: string | undefined;
  readonly note?: string | undefined;
}

/** Points `[x, y]` in pixels, the outer corner of the first pixel at (0, 0), as in annotation files. */
export type EditPoints = readonly (readonly [x: number, y: number])[];

/**
 * One correction of a label map, plain JSON:
 *
 * - `merge`: regions become one, with the number (and phase) of `into`, or else of the first;
 * - `split`: a line parts a region; the largest part keeps the number, others get the next free ones; pixels on the line go to
 *   the nearest part;
 * - `delete`: regions become 0;
 * - `draw`: a polygon (even–odd, pixel centres) becomes region `label`, `0` erases; `over: "unlabelled"` spares other regions;
 * - `brush`: the same with a line of a width;
 * - `relabel`: a region gets a number that is free;
 * - `setPhase`: names the phase of regions, `null` takes it away.
 */
export type RegionEdit = EditAuthor &
  (
    | { readonly op: "merge"; readonly labels: readonly number[]; readonly into?: number | undefined }
    | { readonly op: "split"; readonly label: number; readonly line: EditPoints }
    | { readonly op: "delete"; readonly labels: readonly number[] }
    | {
        readonly op: "draw";
        readonly label: number;
        readonly rings: readonly EditPoints[];
        readonly over?: "all" | "unlabelled" | undefined;
      }
    | {
        readonly op: "brush";
        readonly label: number;
        readonly line: EditPoints;
        readonly widthPx: number;
        readonly over?: "all" | "unlabelled" | undefined;
      }
    | { readonly op: "relabel"; readonly from: number; readonly to: number }
    | { readonly op: "setPhase"; readonly labels: readonly number[]; readonly phase: string | null }
  );

/**
 * Checks that parsed JSON is an edit.
 *
 * @throws FormatError naming the field
 * @example
 * const edits = (JSON.parse(text) as unknown[]).map((edit, k) => readRegionEdit(edit, `edit ${k + 1}`));
 */
export function readRegionEdit(value: unknown, where = "edit"): RegionEdit {
  const fail = (what: string): FormatError => new FormatError(`${where}: ${what}`);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw fail("expected an object");
  const edit = value as { readonly [key: string]: unknown };
  const op = edit["op"];
  const fields = typeof op === "string" && Object.hasOwn(FIELDS, op) ? FIELDS[op as RegionEdit["op"]] : undefined;
  if (fields === undefined) {
    throw fail(`op must be one of ${Object.keys(FIELDS).join(", ")}, got ${JSON.stringify(op)}`);
  }
  for (const [name, isFit, expected] of [...fields, ...AUTHOR]) {
    if (!isFit(edit[name])) throw fail(`${name} must be ${expected}, got ${JSON.stringify(edit[name])}`);
  }
  return edit as unknown as RegionEdit;
}

type Field = readonly [name: string, isFit: (value: unknown) => boolean, expected: string];

const isLabel = (value: unknown): boolean =>
  typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 0xffffffff;
const isPoints = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every((point) => Array.isArray(point) && point.length === 2 && point.every(Number.isFinite));
const isText = (value: unknown): boolean => value === undefined || typeof value === "string";

const LABELS: Field = [
  "labels",
  (v) => Array.isArray(v) && v.length > 0 && v.every(isLabel) && new Set(v).size === v.length,
  "a list of different labels from 1",
];
const LABEL: Field = ["label", isLabel, "a label from 1"];
const PAINTED: Field = ["label", (v) => v === 0 || isLabel(v), "a label, or 0 to erase"];
const LINE: Field = ["line", (v) => isPoints(v) && (v as unknown[]).length >= 2, "a list of at least 2 points [x, y]"];
const OVER: Field = ["over", (v) => v === undefined || v === "all" || v === "unlabelled", '"all" or "unlabelled"'];
const RINGS: Field = [
  "rings",
  (v) => Array.isArray(v) && v.length > 0 && v.every((ring) => isPoints(ring) && (ring as unknown[]).length >= 3),
  "a list of rings of at least 3 points [x, y]",
];

const FIELDS: { readonly [op in RegionEdit["op"]]: readonly Field[] } = {
  merge: [LABELS, ["into", (v) => v === undefined || isLabel(v), "a label from 1"]],
  split: [LABEL, LINE],
  delete: [LABELS],
  draw: [PAINTED, RINGS, OVER],
  brush: [
    PAINTED,
    LINE,
    ["widthPx", (v) => typeof v === "number" && v > 0 && Number.isFinite(v), "a width above 0"],
    OVER,
  ],
  relabel: [
    ["from", isLabel, "a label from 1"],
    ["to", isLabel, "a label from 1"],
  ],
  setPhase: [LABELS, ["phase", (v) => v === null || (typeof v === "string" && v !== ""), "a name or null"]],
};
const AUTHOR: readonly Field[] = ["by", "at", "note"].map((name) => [name, isText, "text"] as const);

import { DataError, IncompatibleError, type LabelMap } from "@materiome/core";
import { requireLabels } from "./labelCheck.ts";
import { labelMapHash, type RegionPhases } from "./labelMapHash.ts";
import { paintLine, paintPolygon } from "./paintPixels.ts";
import { type EditPoints, type RegionEdit, readRegionEdit } from "./regionEdit.ts";
import { splitRegion } from "./splitRegion.ts";

/** One edit as it was applied. */
export interface EditRecord {
  readonly edit: RegionEdit;
  /** `labelMapHash` before and after. */
  readonly before: string;
  readonly after: string;
  readonly changedPx: number;
  /** Labels that came into being, and that went. */
  readonly created: readonly number[];
  readonly removed: readonly number[];
}

export interface ApplyEditsOptions {
  /** Phases before. @defaultValue none */
  readonly phases?: RegionPhases | undefined;
}

export interface EditedRegions {
  readonly labels: LabelMap;
  readonly phases: RegionPhases;
  /** The audit trail, plain JSON; `replayEdits` repeats it. */
  readonly log: readonly EditRecord[];
}

/**
 * Applies edits one after the other to a copy of the labels; all or none.
 *
 * @returns labels, phases and a log that holds each edit with the hash of the map before and after it
 * @throws FormatError for what is no edit; DataError for an edit that cannot be applied, naming it by its place from 1
 * @example
 * const { labels: mended, log } = applyEdits(labels, [
 *   { op: "merge", labels: [3, 8], by: "A. Lab", at: "2026-03-01T09:30:00Z" },
 *   { op: "split", label: 5, line: [[0, 12], [40, 12]] },
 * ]);
 */
export function applyEdits(
  labels: LabelMap,
  edits: readonly RegionEdit[],
  options: ApplyEditsOptions = {},
): EditedRegions {
  requireLabels("applyEdits", labels);
  const edited: LabelMap = { ...labels, data: labels.data.slice() };
  let phases = new Map(Object.entries(options.phases ?? {}).map(([label, phase]) => [Number(label), phase]));
  let areas = areasOf(edited);
  let hash = labelMapHash(edited, Object.fromEntries(phases));
  const log: EditRecord[] = [];
  for (const [k, raw] of edits.entries()) {
    const where = `applyEdits: edit ${k + 1}`;
    const edit = readRegionEdit(raw, where);
    const old = edited.data.slice();
    phases = applyOne(edited, edit, areas, phases, `${where} (${edit.op})`);
    let changedPx = 0;
    for (let i = 0; i < old.length; i++) if (old[i] !== edited.data[i]) changedPx++;
    const newAreas = areasOf(edited);
    const created = [...newAreas.keys()].filter((label) => !areas.has(label));
    const removed = [...areas.keys()].filter((label) => !newAreas.has(label));
    for (const label of removed) phases.delete(label);
    areas = newAreas;
    const after = labelMapHash(edited, Object.fromEntries(phases));
    log.push({ edit, before: hash, after, changedPx, created, removed });
    hash = after;
  }
  return { labels: edited, phases: Object.fromEntries(phases), log };
}

/**
 * Repeats the edits of a log on the map that it was made on.
 *
 * @throws IncompatibleError if the map (or the phases) is another one, or an edit gives another result than it did
 * @example
 * const { labels: again } = replayEdits(labels, JSON.parse(text));
 */
export function replayEdits(
  labels: LabelMap,
  log: readonly EditRecord[],
  options: ApplyEditsOptions = {},
): EditedRegions {
  const [first] = log;
  if (first !== undefined) {
    const found = labelMapHash(labels, options.phases);
    if (found !== first.before) {
      throw new IncompatibleError(
        `replayEdits: the log begins on the label map ${first.before.slice(0, 12)}…, this one is ${found.slice(0, 12)}…; replay it on the map that was edited, with the phases it had`,
      );
    }
  }
  const edited = applyEdits(
    labels,
    log.map((record) => record.edit),
    options,
  );
  for (const [k, record] of edited.log.entries()) {
    const told = log[k]!; // one record per edit
    if (record.before === told.before && record.after === told.after) continue;
    throw new IncompatibleError(
      `replayEdits: edit ${k + 1} (${record.edit.op}) gives ${record.after.slice(0, 12)}…, the log says ${told.after.slice(0, 12)}…; the log was changed`,
    );
  }
  return edited;
}

type Areas = ReadonlyMap<number, number>;

/** Pixels of each label that is there, by rising label. */
function areasOf({ data }: LabelMap): Areas {
  const areas = new Map<number, number>();
  let last = 0;
  let run = 0;
  const count = (): void => {
    if (last !== 0) areas.set(last, (areas.get(last) ?? 0) + run);
  };
  for (const label of data) {
    if (label === last) run++;
    else {
      count();
      last = label;
      run = 1;
    }
  }
  count();
  return new Map([...areas].sort(([a], [b]) => a - b));
}

/** Changes the labels in place; returns the phases. */
function applyOne(
  labels: LabelMap,
  edit: RegionEdit,
  areas: Areas,
  before: ReadonlyMap<number, string>,
  where: string,
): Map<number, string> {
  const { width, height, data } = labels;
  const phases = new Map(before);
  const need = (...wanted: readonly number[]): void => {
    const missing = wanted.filter((label) => !areas.has(label));
    if (missing.length > 0) throw new DataError(`${where}: there is no region ${missing.join(", ")}`);
  };
  const replace = (wanted: ReadonlySet<number>, by: number): void => {
    for (let i = 0; i < data.length; i++) if (wanted.has(data[i]!)) data[i] = by; // i < length
  };
  const paint =
    (label: number, over: "all" | "unlabelled" = "all") =>
    (i: number): void => {
      if (over === "all" || data[i] === 0) data[i] = label;
    };
  switch (edit.op) {
    case "merge": {
      need(...edit.labels);
      const into = edit.into ?? edit.labels[0]!; // the list is not empty
      if (edit.labels.length < 2 || !edit.labels.includes(into)) {
        throw new DataError(`${where}: at least 2 labels are needed, and into must be one of them`);
      }
      replace(new Set(edit.labels), into);
      break;
    }
    case "split": {
      need(edit.label);
      const next = Math.max(...[...areas.keys()].slice(-1)) + 1; // rising labels, and at least one
      const created = splitRegion(labels, edit.label, flat(edit.line), next, where);
      const phase = phases.get(edit.label);
      if (phase !== undefined) for (const label of created) phases.set(label, phase);
      break;
    }
    case "delete":
      need(...edit.labels);
      replace(new Set(edit.labels), 0);
      break;
    case "draw":
      paintPolygon({ rings: edit.rings.map(flat) }, width, height, paint(edit.label, edit.over));
      break;
    case "brush":
      paintLine({ points: flat(edit.line), widthPx: edit.widthPx }, width, height, paint(edit.label, edit.over));
      break;
    case "relabel": {
      need(edit.from);
      if (areas.has(edit.to)) throw new DataError(`${where}: region ${edit.to} exists already; use merge to join them`);
      replace(new Set([edit.from]), edit.to);
      const phase = phases.get(edit.from);
      if (phase !== undefined) phases.set(edit.to, phase);
      break;
    }
    case "setPhase":
      need(...edit.labels);
      for (const label of edit.labels) {
        if (edit.phase === null) phases.delete(label);
        else phases.set(label, edit.phase);
      }
      break;
  }
  return phases;
}

function flat(points: EditPoints): Float64Array {
  return Float64Array.from(points.flat());
}

import type {
  Candidate,
  Criterion,
  InversionResult,
  NumberWindow,
  SettingTolerance,
  Tolerance,
} from "@materiome/inverse";
import { displayUnit } from "../terminal/displayUnit.ts";
import { figures } from "../terminal/figures.ts";
import { textTable } from "../terminal/textTable.ts";

/** Routes, process window and tolerance of a result as lines of text; none where they were not worked out. */
export function exploreText(result: InversionResult): readonly string[] {
  return [...routesText(result), ...windowText(result), ...toleranceText(result)];
}

/** The probability that the criterion of the call looks at. */
export function judgedProbability(candidate: Candidate, criterion: Criterion): number {
  return criterion === "corrected" ? (candidate.correctedProbability ?? Number.NaN) : candidate.probability;
}

/** "P(met)", or what it is called where optimism was taken back. */
export function judgedName(criterion: Criterion): string {
  return criterion === "corrected" ? "corrected P(met)" : "P(met)";
}

function routesText({ routes, criterion }: InversionResult): string[] {
  if (routes.length === 0) return [];
  const names = routes[0]?.ranges.map((range) => withUnit(range.name, range.unit)) ?? [];
  const rows = routes.map(({ share, ranges, representative, gap }, i) => [
    String(i + 1),
    `${Math.round(100 * share)} %`,
    ...ranges.map((range) =>
      range.kind === "number" ? `${short(range.lower)} … ${short(range.upper)}` : range.levels.join(", "),
    ),
    judgedProbability(representative, criterion).toFixed(2),
    gap === null ? "–" : gap.toFixed(2),
  ]);
  const header = ["route", "of volume", ...names, `${judgedName(criterion)} at its middle`, "gap"];
  return ["", routes.length === 1 ? "one route:" : `${routes.length} routes:`, textTable(header, rows)];
}

function windowText({ window, level }: InversionResult): string[] {
  if (window === null) return [];
  const percent = `${Number((100 * level).toFixed(1))} %`;
  const rows = window.settings.map((setting) =>
    setting.kind === "number"
      ? [withUnit(setting.name, setting.unit), ...numberCells(setting)]
      : [setting.name, setting.credible.join(", "), "–", "–", `${setting.levels.length} levels`],
  );
  const how =
    window.rHat === undefined
      ? `every setting weighed (${window.nEvaluated})`
      : `R-hat ${window.rHat.toFixed(3)}, ${Math.round(window.effectiveSampleSize ?? 0)} effective draws`;
  return [
    "",
    `process window, ${percent}, if the spec is met${window.isUnderScatter ? " with the scatter given" : ""} (${how}):`,
    textTable(["setting", "window", "median", "shortest", "allowed"], rows),
  ];
}

function numberCells(w: NumberWindow): string[] {
  return [
    `${short(w.lower)} … ${short(w.upper)}`,
    short(w.median),
    `${short(w.shortestLower)} … ${short(w.shortestUpper)}`,
    `${short(w.min)} … ${short(w.max)}`,
  ];
}

function toleranceText({ candidates, minProbability, criterion }: InversionResult): string[] {
  const [first] = candidates;
  if (first === undefined || first.drift.length === 0) return [];
  const rows = first.drift.map(driftCells);
  const scattered = candidates.some((candidate) => candidate.scatter !== null)
    ? [`with the scatter given: ${candidates.map((c, i) => `${i + 1}: ${scatterCell(c)}`).join(", ")}`]
    : [];
  return [
    "",
    `candidate 1 may drift, one setting at a time, while ${judgedName(criterion)} stays at ${minProbability} or above:`,
    textTable(["setting", "set", "from", "to"], rows),
    ...scattered,
  ];
}

/** Cells of a table: setting, set value, how far down, how far up. */
export function driftCells(tolerance: SettingTolerance): string[] {
  if (tolerance.kind === "category") {
    const good = tolerance.others.map((other) => `${other.value} P ${other.probability.toFixed(2)}`);
    return [
      tolerance.name,
      figures(tolerance.value),
      good.length === 0 ? "–" : `or ${good.slice(0, 4).join(", ")}`,
      "",
    ];
  }
  const stop = (why: string): string => (why === "probability" ? "" : ` (${why})`);
  return [
    withUnit(tolerance.name, tolerance.unit),
    short(tolerance.value),
    `${short(tolerance.lower)}${stop(tolerance.lowerStop)}`,
    `${short(tolerance.upper)}${stop(tolerance.upperStop)}`,
  ];
}

/** "P 0.71", and the share outside the domain where there is one. */
export function scatterCell({ scatter }: Tolerance): string {
  if (scatter === null) return "–";
  const share = 100 * scatter.shareOutside;
  const outside = share > 0 ? ` (${share < 1 ? "below 1" : Math.round(share)} % outside the domain)` : "";
  return `P ${scatter.probability.toFixed(2)}${outside}`;
}

export function withUnit(name: string, unit: string): string {
  return unit === "" ? name : `${name} (${displayUnit(unit)})`;
}

export function short(value: number): string {
  return figures(Number(value.toPrecision(4)));
}

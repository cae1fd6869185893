import { DomainError, IncompatibleError, InfeasibleError } from "@materiome/core";
import { type Point, settingsOf } from "../space/points.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import { rangeOf, snap, type Variable, valueAt, valueOfLevel } from "../space/variable.ts";
import { violationsOf } from "../space/violations.ts";
import type { Design } from "./design.ts";

export interface DesignPointsOptions {
  /** Names of the variables that the columns are, in order; the others stay at `centre`. @defaultValue all variables */
  readonly variables?: readonly string[] | undefined;
  /** Values of variables that the design does not turn. @defaultValue none: all must be turned */
  readonly centre?: Point | undefined;
  /**
   * Axial points beyond −1 … 1: `refuse`, or `inscribe`: the whole design is shrunk so that they lie on the bounds.
   * @defaultValue "refuse"
   */
  readonly beyond?: "refuse" | "inscribe" | undefined;
}

/**
 * Runs of a design as points of a space: −1 and 1 (or 0 and 1) are the bounds of a number, evenly between on its scale (log where
 * that is log), on its grid; of a category or ordinal the coded values are its levels in order. Proportions become shares of the total that
 * their variables add up to. Every point is checked against the space.
 *
 * @throws IncompatibleError for other numbers of columns and variables, or proportions of variables without a common sum
 * @throws DomainError for runs beyond the bounds
 * @throws InfeasibleError if a constraint of the space forbids a run; names the run
 * @example
 * const points = designPoints(space, boxBehnken(3));
 */
export function designPoints(space: SearchSpace, design: Design, options: DesignPointsOptions = {}): readonly Point[] {
  const { runs, coding } = design;
  const names = options.variables ?? space.variables.map((variable) => variable.name);
  const turned = names.map((name) => {
    const j = space.variables.findIndex((variable) => variable.name === name);
    if (j < 0) throw new IncompatibleError(`designPoints: "${name}" is no variable of the space`);
    return j;
  });
  if (turned.length !== runs.columns) {
    throw new IncompatibleError(
      `designPoints: the design has ${runs.columns} factors, got ${turned.length} variables (${names.join(", ")}); name those it turns`,
    );
  }
  if (turned.length < space.variables.length && options.centre === undefined) {
    throw new IncompatibleError(
      "designPoints: the design turns some variables only; give the values of the others by `centre`",
    );
  }
  const widest = coding === "signed" ? runs.data.reduce((most, x) => Math.max(most, Math.abs(x)), 1) : 1;
  if (widest > 1 + 1e-12 && options.beyond !== "inscribe") {
    throw new DomainError(
      `designPoints: runs reach ${widest.toPrecision(4)} times the bounds; let them be inscribed (beyond: "inscribe"), use a face-centred design, or widen the space`,
    );
  }
  const shares = coding === "proportions" ? sharesOf(space, turned) : undefined;
  return Array.from({ length: runs.rows }, (_, i) => {
    const point = options.centre === undefined ? new Float64Array(space.variables.length) : options.centre.slice();
    turned.forEach((j, column) => {
      const variable = space.variables[j] as Variable; // found above
      const coded = runs.data[i * runs.columns + column] as number;
      if (shares !== undefined) point[j] = snap(variable, coded * shares);
      else point[j] = positioned(variable, coding === "signed" ? (coded / widest + 1) / 2 : coded, coding === "signed");
    });
    const broken = violationsOf(space, point);
    if (broken.length > 0) {
      const text = settingsOf(space, point).map(({ name, value, unit }) => `${name} = ${value} ${unit}`.trim());
      throw new InfeasibleError(
        `designPoints: the space does not allow run ${i} (${text.join(", ")}): ${broken.join("; ")}; use optimalDesign with isAllowed, or spaceFillingDesign`,
      );
    }
    return point;
  });
}

/** Value at position t in 0 … 1; `isExact`: the value that stands there (levels in order), else equal shares for levels. */
function positioned(variable: Variable, t: number, isExact: boolean): number {
  if (!isExact) return valueAt(variable, Math.min(t, 1 - 2 ** -53));
  if (variable.kind === "category") return Math.round(t * (variable.levels.length - 1));
  if (variable.kind === "ordinal") return valueOfLevel(variable, Math.round(t * (variable.values.length - 1)));
  if (variable.kind === "continuous") return snap(variable, valueAt({ ...variable, step: undefined }, t));
  const { min, max } = rangeOf(variable);
  return snap(variable, min + t * (max - min));
}

/** The total that these variables add up to. */
function sharesOf(space: SearchSpace, turned: readonly number[]): number {
  const names = turned.map((j) => space.variables[j]?.name ?? "");
  const sum = space.sums.find(({ columns }) => names.every((name) => columns.includes(name)));
  if (sum === undefined) {
    throw new IncompatibleError(
      `designPoints: proportions need variables that add up; no sum of the space holds ${names.join(", ")}`,
    );
  }
  const given = space.fixed.reduce(
    (total, input) => total + (sum.columns.includes(input.name) && typeof input.value === "number" ? input.value : 0),
    0,
  );
  return sum.total - given;
}

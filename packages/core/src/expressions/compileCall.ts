import { FormatError, UnitError } from "../errors/errors.ts";
import { nearestNames } from "../text/nearestNames.ts";
import { absoluteUnit, powerOfUnit } from "../units/composeUnits.ts";
import { convertUnit, isConvertible } from "../units/convertUnit.ts";
import { parseUnit } from "../units/unit.ts";
import type { Variables } from "./compileExpression.ts";
import type { ExpressionNode } from "./expressionNode.ts";
import { ABS, ANGLE_FUNCTIONS, CBRT, FUNCTION_NAMES, PLAIN_FUNCTIONS, SIGN, SQRT } from "./functions.ts";
import { apply, CONDITION, constants, folded, type Part, scaled } from "./part.ts";

/** Functions whose second argument is a unit in quotes. */
const TAKE_UNITS: ReadonlySet<string> = new Set(["quantity", "number", "to"]);

/** What a call needs of the compiler of its arguments. */
export interface ArgumentCompiler {
  /** An error that quotes the expression and the node. */
  fail(Kind: typeof UnitError | typeof FormatError, what: string, node: ExpressionNode): Error;
  number(node: ExpressionNode): Part;
  /** A number without a unit. */
  plain(node: ExpressionNode, what: string, whereNode: ExpressionNode, part?: Part): Part;
  /** Both parts, the second in the unit of the first. */
  alike(node: ExpressionNode, a: ExpressionNode, b: ExpressionNode, verb: string, left?: Part): readonly [Part, Part];
  power(node: ExpressionNode, a: ExpressionNode, b: ExpressionNode): Part;
}

/** A call of one of the functions by name. */
export function compileCall(
  node: ExpressionNode,
  name: string,
  args: readonly ExpressionNode[],
  variables: Variables,
  { fail, number, plain, alike, power }: ArgumentCompiler,
): Part {
  const unitOf = (node: ExpressionNode, inside: ExpressionNode): string => {
    if (node.kind !== "quoted") throw fail(FormatError, `a unit in quotes is needed, found "${node.text}"`, inside);
    if (node.value === "") throw fail(UnitError, `"" is no unit; a number without a unit is used as it is`, inside);
    const { known, text } = parseUnit(node.value);
    if (!known) throw fail(UnitError, `"${node.value}" is no known unit`, inside);
    return text;
  };
  const need = (count: number): void => {
    if (args.length === count) return;
    const usage = TAKE_UNITS.has(name) ? `; write ${name}(…, "unit")` : "";
    throw fail(
      FormatError,
      `${name} takes ${count} argument${count === 1 ? "" : "s"}, got ${args.length}${usage}`,
      node,
    );
  };
  const [a, b] = args as readonly [ExpressionNode, ExpressionNode];
  const simple = PLAIN_FUNCTIONS.get(name);
  if (simple !== undefined) {
    need(1);
    return apply(plain(a, name, node), simple, "");
  }
  const angular = ANGLE_FUNCTIONS.get(name);
  if (angular !== undefined) {
    need(1);
    const inner = number(a);
    const isAngle = inner.unit !== "" && isConvertible(inner.unit, "rad");
    const radians = isAngle ? scaled(inner, convertUnit(1, inner.unit, "rad"), "") : plain(a, name, node, inner);
    return apply(radians, angular, "");
  }
  switch (name) {
    case "sqrt":
    case "cbrt": {
      need(1);
      const inner = number(a);
      const { unit, factor } = powerOfUnit(inner.unit, name === "sqrt" ? 1 / 2 : 1 / 3);
      return scaled(apply(inner, name === "sqrt" ? SQRT : CBRT, unit), factor, unit);
    }
    case "abs":
    case "sign": {
      need(1);
      const inner = number(a);
      return apply(inner, name === "abs" ? ABS : SIGN, name === "abs" ? inner.unit : "");
    }
    case "pow":
      need(2);
      return power(node, a, b);
    case "min":
    case "max":
      if (args.length === 0) throw fail(FormatError, `${name} needs at least one argument`, node);
      return args.slice(1).reduce((before, next): Part => {
        const [left, right] = alike(node, a, next, "compare", before);
        const isLeft = (row: number): boolean =>
          name === "min" ? left.at(row) <= right.at(row) : left.at(row) >= right.at(row);
        return folded({
          kind: "number",
          unit: left.unit,
          at: (row) => Math[name](left.at(row), right.at(row)),
          by: (row, k) => (isLeft(row) ? left : right).by(row, k),
          ...constants([left, right]),
        });
      }, number(a));
    case "quantity": {
      need(2);
      const value = plain(a, name, node);
      const unit = unitOf(b, node);
      const base = absoluteUnit(unit);
      if (base !== unit) {
        const shift = convertUnit(0, unit, base);
        const slope = convertUnit(1, unit, base) - shift;
        return apply(value, { of: (x) => x * slope + shift, slope: () => slope }, base);
      }
      const isRatio = parseUnit(unit).dimension === "ratio1";
      return isRatio ? scaled(value, convertUnit(1, unit, "fraction"), "") : { ...value, unit };
    }
    case "to":
    case "number": {
      need(2);
      const inner = number(a);
      const unit = unitOf(b, node);
      const isRatio = inner.unit === "" && parseUnit(unit).dimension === "ratio1";
      const from = isRatio ? "fraction" : inner.unit;
      if (!isConvertible(from, unit)) {
        throw fail(UnitError, `"${a.text}" is in ${inner.unit || "no unit"}, which does not convert to ${unit}`, node);
      }
      if (name === "to") {
        if (parseUnit(unit).offset !== 0) {
          throw fail(UnitError, `temperatures are in kelvin here; its number is number(${a.text}, "${unit}")`, node);
        }
        return scaled(inner, convertUnit(1, from, unit), unit);
      }
      const shift = convertUnit(0, from, unit);
      const slope = convertUnit(1, from, unit) - shift;
      return apply(inner, { of: (x) => x * slope + shift, slope: () => slope }, "");
    }
    case "isMissing": {
      need(1);
      const inner = number(a);
      return { ...CONDITION, at: (row) => (Number.isNaN(inner.at(row)) ? 1 : 0) };
    }
  }
  if (variables.find(name) !== undefined) {
    throw fail(FormatError, `"${name}" is a column, no function; write * before the bracket`, node);
  }
  const near = nearestNames(name, FUNCTION_NAMES, 1)[0];
  throw fail(
    FormatError,
    `there is no function "${name}"; ${near === undefined ? `there are ${FUNCTION_NAMES.join(", ")}` : `did you mean "${near}"?`}`,
    node,
  );
}

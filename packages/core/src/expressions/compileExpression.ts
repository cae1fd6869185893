import { DataError, FormatError, isMateriomeError, UnitError } from "../errors/errors.ts";
import { nearestNames } from "../text/nearestNames.ts";
import { absoluteUnit, multiplyUnits, powerOfUnit } from "../units/composeUnits.ts";
import { convertUnit, isConvertible } from "../units/convertUnit.ts";
import { GAS_CONSTANT_J_PER_MOL_K } from "../units/gasConstant.ts";
import { parseUnit } from "../units/unit.ts";
import type { ExpressionNode } from "./expressionNode.ts";
import { ABS, ANGLE_FUNCTIONS, CBRT, FUNCTION_NAMES, PLAIN_FUNCTIONS, SIGN, SQRT } from "./functions.ts";
import { apply, CONDITION, constantPart, constants, folded, type Part, scaled } from "./part.ts";

/** What names mean: the variables of the expression. */
export interface Variables {
  /** The variable's index, kind and unit; throws DataError (nearest names) for an unknown one. */
  find(name: string): { readonly index: number; readonly unit: string; readonly isCategory: boolean } | undefined;
  unknown(name: string): Error;
  /** Values of variable k; filled in for each evaluation. */
  numbers(k: number): Float64Array;
  texts(k: number): readonly (string | undefined)[];
}

/** Checks units and turns the tree into functions of the row. */
export function compileExpression(root: ExpressionNode, whole: string, variables: Variables): Part {
  const fail = (Kind: typeof UnitError | typeof DataError | typeof FormatError, what: string, node: ExpressionNode) =>
    new Kind(
      `expression "${whole}": ${what}${node.text === whole || node.kind === "name" ? "" : `, in "${node.text}"`}`,
    );

  const compile = (node: ExpressionNode): Part => {
    switch (node.kind) {
      case "number":
        return constantPart(node.value, "");
      case "boolean":
        return { ...constantPart(node.value ? 1 : 0, ""), kind: "condition" };
      case "name":
        return variable(node, node.name);
      case "quoted":
        return variable(node, node.value);
      case "call":
        return node.fn.endsWith("()") ? callOf(node, node.fn.slice(0, -2), node.args) : operation(node);
    }
  };

  const variable = (node: ExpressionNode, name: string): Part => {
    const found = variables.find(name);
    if (found === undefined) {
      if (name === "pi") return constantPart(Math.PI, "");
      if (name === "gasConstant") return constantPart(GAS_CONSTANT_J_PER_MOL_K, "J/mol/K");
      const at = whole.indexOf(name);
      throw fail(DataError, `${variables.unknown(name).message}${at < 0 ? "" : ` (character ${at + 1})`}`, node);
    }
    if (found.isCategory) {
      throw fail(DataError, `"${name}" is a category; compare it with a label, as in ${name} == "label"`, node);
    }
    const k = found.index;
    // Ratios count as numbers, scales with an arbitrary zero in kelvin.
    const base = parseUnit(found.unit).dimension === "ratio1" ? "fraction" : absoluteUnit(found.unit);
    const unit = base === "fraction" ? "" : base;
    const by = (_: number, j: number, slope: number): number => (j === k ? slope : 0);
    if (base === found.unit || found.unit === "") {
      return { kind: "number", unit, at: (row) => variables.numbers(k)[row] as number, by: (row, j) => by(row, j, 1) };
    }
    const shift = convertUnit(0, found.unit, base);
    const slope = convertUnit(1, found.unit, base) - shift;
    return {
      kind: "number",
      unit,
      at: (row) => (variables.numbers(k)[row] as number) * slope + shift,
      by: (row, j) => by(row, j, slope),
    };
  };

  const number = (node: ExpressionNode): Part => {
    const part = compile(node);
    if (part.kind !== "number") throw fail(UnitError, `a number is needed, "${node.text}" is a condition`, node);
    return part;
  };
  const condition = (node: ExpressionNode): Part => {
    const part = compile(node);
    if (part.kind !== "condition") throw fail(UnitError, `a condition is needed, "${node.text}" is a number`, node);
    return part;
  };
  // Parts are compiled once each: compiling a nested one again at every level would take 2ⁿ steps.
  const plain = (node: ExpressionNode, what: string, whereNode: ExpressionNode, part: Part = number(node)): Part => {
    if (part.unit === "") return part;
    throw fail(
      UnitError,
      `${what} takes a number without a unit, "${node.text}" is in ${part.unit}; divide by a quantity of that unit, or take its number: number(${node.text}, "${part.unit}")`,
      whereNode,
    );
  };

  /** Both parts, the second in the unit of the first. */
  const alike = (
    node: ExpressionNode,
    a: ExpressionNode,
    b: ExpressionNode,
    verb: string,
    left: Part = number(a),
    right: Part = number(b),
  ): readonly [Part, Part] => {
    if (left.unit === right.unit) return [left, right];
    // 0 is 0 in every unit (scales with an arbitrary zero are in kelvin by now).
    if (right.constant === 0 && right.unit === "") return [left, { ...right, unit: left.unit }];
    if (left.constant === 0 && left.unit === "") return [{ ...left, unit: right.unit }, right];
    if (left.unit !== "" && right.unit !== "" && isConvertible(right.unit, left.unit)) {
      return [left, scaled(right, convertUnit(1, right.unit, left.unit), left.unit)];
    }
    const literal = [left, right].findIndex((part) => part.unit === "" && part.constant !== undefined);
    const other = literal === 0 ? right : left;
    const hint =
      literal < 0
        ? "they measure different things"
        : `write the number with its unit: quantity(${[left, right][literal]?.constant}, "${other.unit}")`;
    throw fail(
      UnitError,
      `cannot ${verb} "${a.text}" (${left.unit || "no unit"}) and "${b.text}" (${right.unit || "no unit"}); ${hint}`,
      node,
    );
  };

  const operation = (node: Extract<ExpressionNode, { kind: "call" }>): Part => {
    const { fn, args } = node;
    const [a, b, c] = args as readonly [ExpressionNode, ExpressionNode, ExpressionNode];
    switch (fn) {
      case "unaryPlus":
        return number(a);
      case "unaryMinus":
        return scaled(number(a), -1);
      case "add":
      case "subtract": {
        const [left, right] = alike(node, a, b, fn);
        const sign = fn === "add" ? 1 : -1;
        return folded({
          kind: "number",
          unit: left.unit,
          at: (row) => left.at(row) + sign * right.at(row),
          by: (row, k) => left.by(row, k) + sign * right.by(row, k),
          ...constants([left, right]),
        });
      }
      case "multiply": {
        const [left, right] = [number(a), number(b)];
        const { unit, factor } = multiplyUnits(left.unit, right.unit);
        return folded({
          kind: "number",
          unit,
          at: factor === 1 ? (row) => left.at(row) * right.at(row) : (row) => left.at(row) * right.at(row) * factor,
          by: (row, k) => (left.by(row, k) * right.at(row) + left.at(row) * right.by(row, k)) * factor,
          ...constants([left, right]),
        });
      }
      case "divide": {
        const [left, right] = [number(a), number(b)];
        const below = powerOfUnit(right.unit, -1);
        const { unit, factor } = multiplyUnits(left.unit, below.unit);
        const scale = factor * below.factor;
        return folded({
          kind: "number",
          unit,
          at: scale === 1 ? (row) => left.at(row) / right.at(row) : (row) => (left.at(row) / right.at(row)) * scale,
          by: (row, k) => {
            const x = right.at(row);
            return ((left.by(row, k) - (left.at(row) / x) * right.by(row, k)) / x) * scale;
          },
          ...constants([left, right]),
        });
      }
      case "pow":
        return power(node, a, b);
      case "and":
      case "or": {
        const [left, right] = [condition(a), condition(b)];
        // Of three values: false and missing is false, true or missing is true.
        const deciding = fn === "and" ? 0 : 1;
        return {
          ...CONDITION,
          at: (row) => {
            const [x, y] = [left.at(row), right.at(row)];
            if (x === deciding || y === deciding) return deciding;
            return Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : 1 - deciding;
          },
        };
      }
      case "not": {
        const inner = condition(a);
        return { ...CONDITION, at: (row) => 1 - inner.at(row) };
      }
      case "conditional": {
        const test = condition(a);
        const [yes, no] = alike(node, b, c, "choose between");
        return {
          kind: "number",
          unit: yes.unit,
          at: (row) => choose(test.at(row), row, yes.at, no.at),
          by: (row, k) => {
            const decided = test.at(row);
            return Number.isNaN(decided) ? Number.NaN : (decided === 1 ? yes : no).by(row, k);
          },
        };
      }
      default:
        return comparison(node, fn, a, b);
    }
  };

  const comparison = (node: ExpressionNode, fn: string, a: ExpressionNode, b: ExpressionNode): Part => {
    const isEquality = fn === "equal" || fn === "unequal";
    const labelled = isEquality ? (labelTest(a, b) ?? labelTest(b, a)) : undefined;
    if (labelled !== undefined) {
      const wanted = fn === "equal" ? 1 : 0;
      return { ...CONDITION, at: (row) => truth(labelled(row), wanted) };
    }
    const [left, right] = alike(node, a, b, "compare");
    const test = COMPARISONS.get(fn);
    if (test === undefined) throw fail(FormatError, `the operator ${fn} is not known here`, node);
    return {
      ...CONDITION,
      at: (row) => {
        const [x, y] = [left.at(row), right.at(row)];
        if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
        return test(x, y) ? 1 : 0;
      },
    };
  };

  /** Whether a category has the label that is quoted beside it; undefined where it is missing. */
  const labelTest = (
    name: ExpressionNode,
    label: ExpressionNode,
  ): ((row: number) => boolean | undefined) | undefined => {
    if (label.kind !== "quoted" || (name.kind !== "name" && name.kind !== "quoted")) return undefined;
    const found = variables.find(name.kind === "name" ? name.name : name.value);
    if (found?.isCategory !== true) return undefined;
    const { index } = found;
    return (row) => {
      const text = variables.texts(index)[row];
      return text === undefined ? undefined : text === label.value;
    };
  };

  const power = (node: ExpressionNode, a: ExpressionNode, b: ExpressionNode): Part => {
    const base = number(a);
    const exponent = plain(b, "an exponent", node);
    const n = exponent.constant;
    if (base.unit !== "" && n === undefined) {
      throw fail(UnitError, `"${a.text}" is in ${base.unit}; its exponent must be a fixed whole number`, node);
    }
    if (base.unit !== "" && !Number.isInteger(n)) {
      throw fail(
        UnitError,
        `"${a.text}" is in ${base.unit}; a power of ${n} has no plain unit: use sqrt or cbrt, or take its number: number(${a.text}, "${base.unit}")`,
        node,
      );
    }
    const { unit, factor } = powerOfUnit(base.unit, n ?? 1);
    if (n !== undefined) {
      return folded({
        kind: "number",
        unit,
        at: n === 2 ? (row) => base.at(row) * base.at(row) * factor : (row) => base.at(row) ** n * factor,
        by: (row, k) => (n === 0 ? 0 : n * base.at(row) ** (n - 1) * base.by(row, k) * factor),
        ...constants([base, exponent]),
      });
    }
    return {
      kind: "number",
      unit,
      at: (row) => base.at(row) ** exponent.at(row),
      by: (row, k) => {
        const [x, y, dx, dy] = [base.at(row), exponent.at(row), base.by(row, k), exponent.by(row, k)];
        return (dx === 0 ? 0 : y * x ** (y - 1) * dx) + (dy === 0 ? 0 : x ** y * Math.log(x) * dy);
      },
    };
  };

  const callOf = (node: ExpressionNode, name: string, args: readonly ExpressionNode[]): Part => {
    const need = (count: number): void => {
      if (args.length === count) return;
      throw fail(FormatError, `${name} takes ${count} argument${count === 1 ? "" : "s"}, got ${args.length}`, node);
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
          throw fail(
            UnitError,
            `"${a.text}" is in ${inner.unit || "no unit"}, which does not convert to ${unit}`,
            node,
          );
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
  };

  const unitOf = (node: ExpressionNode, inside: ExpressionNode): string => {
    if (node.kind !== "quoted") throw fail(FormatError, `a unit in quotes is needed, found "${node.text}"`, inside);
    const { known, text } = parseUnit(node.value);
    if (!known) throw fail(UnitError, `"${node.value}" is no known unit`, inside);
    return text;
  };

  try {
    return compile(root);
  } catch (error) {
    if (error instanceof UnitError && !error.message.startsWith("expression")) {
      throw new UnitError(`expression "${whole}": ${error.message}`, { cause: error });
    }
    throw isMateriomeError(error) ? error : new FormatError(`expression "${whole}" cannot be read`, { cause: error });
  }
}

const COMPARISONS: ReadonlyMap<string, (x: number, y: number) => boolean> = new Map([
  ["smaller", (x: number, y: number) => x < y],
  ["smallerEq", (x: number, y: number) => x <= y],
  ["larger", (x: number, y: number) => x > y],
  ["largerEq", (x: number, y: number) => x >= y],
  ["equal", (x: number, y: number) => x === y],
  ["unequal", (x: number, y: number) => x !== y],
]);

function choose(decided: number, row: number, yes: (row: number) => number, no: (row: number) => number): number {
  if (Number.isNaN(decided)) return Number.NaN;
  return decided === 1 ? yes(row) : no(row);
}

function truth(value: boolean | undefined, wanted: 0 | 1): number {
  return value === undefined ? Number.NaN : value ? wanted : 1 - wanted;
}

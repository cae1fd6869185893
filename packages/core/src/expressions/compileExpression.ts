import { DataError, FormatError, isMateriomeError, UnitError } from "../errors/errors.ts";
import { absoluteUnit, multiplyUnits, powerOfUnit } from "../units/composeUnits.ts";
import { convertUnit, isConvertible } from "../units/convertUnit.ts";
import { GAS_CONSTANT_J_PER_MOL_K } from "../units/gasConstant.ts";
import { parseUnit } from "../units/unit.ts";
import { compileCall } from "./compileCall.ts";
import type { ExpressionNode } from "./expressionNode.ts";
import { CONDITION, constantPart, constants, folded, type Part, scaled } from "./part.ts";

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
        return node.fn.endsWith("()")
          ? compileCall(node, node.fn.slice(0, -2), node.args, variables, compiler)
          : operation(node);
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

  const compiler = { fail, number, plain, alike, power };
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

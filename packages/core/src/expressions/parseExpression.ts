import { createRequire } from "node:module";
import { FormatError } from "../errors/errors.ts";
import { isKnownUnit } from "../units/unit.ts";
import type { ExpressionNode } from "./expressionNode.ts";

/** The nodes of mathjs, as far as they are used. */
interface MathNode {
  readonly type: string;
  readonly value?: unknown;
  readonly name?: string;
  readonly op?: string;
  readonly fn?: string | MathNode;
  readonly args?: readonly MathNode[];
  readonly implicit?: boolean;
  readonly isPercentage?: boolean;
  readonly content?: MathNode;
  readonly condition?: MathNode;
  readonly trueExpr?: MathNode;
  readonly falseExpr?: MathNode;
  readonly conditionals?: readonly string[];
  readonly params?: readonly MathNode[];
  toString(): string;
}

type Parse = (text: string) => MathNode;

let parseMath: Parse | undefined;

/** mathjs takes a while to load, so it is loaded by the first expression; nothing of it but the parser is used. */
function mathParser(): Parse {
  parseMath ??= (createRequire(import.meta.url)("mathjs/lib/browser/math.js") as { readonly parse: Parse }).parse;
  return parseMath;
}

const LONGEST = 10_000;
/** Levels of nesting; a sum of n terms has n − 1. What is deeper would run out of stack when evaluated. */
const DEEPEST = 500;

/** Operators by their function name in mathjs; no others are accepted. */
const OPERATORS: ReadonlySet<string> = new Set([
  ...["add", "subtract", "multiply", "divide", "pow", "unaryMinus", "unaryPlus"],
  ...["smaller", "smallerEq", "larger", "largerEq", "equal", "unequal", "and", "or", "not"],
]);

/**
 * Reads the text of an expression: arithmetic, comparisons, `and`, `or`, `not`, `condition ? a : b`, function calls, names,
 * names with spaces in backticks or quotes. Assignments, function definitions, properties, indices, lists, blocks and
 * implied multiplication are refused; nothing is evaluated.
 *
 * @throws FormatError saying where
 */
export function parseExpression(text: string): ExpressionNode {
  if (text.trim() === "") throw new FormatError("the expression is empty");
  if (text.length > LONGEST) throw new FormatError(`the expression has ${text.length} characters, at most ${LONGEST}`);
  const { masked, names } = maskBackticks(text);
  let root: MathNode;
  try {
    root = mathParser()(masked);
  } catch (cause) {
    if (cause instanceof RangeError) throw tooDeep(text, cause);
    const at = (cause as { readonly char?: number }).char;
    const what = (cause as Error).message.replace(/\s*\(char \d+\)$/, "").replace(/in part ".*"$/s, "");
    const found = at === undefined || at > text.length ? "" : ` before "${text.slice(at - 1, at + 11)}"`;
    const hint = /[^\x20-\x7e]/.test(masked) ? "; names with other signs than letters and digits go in backticks" : "";
    throw new FormatError(
      `expression "${text}": ${what
        .trim()
        .replace(/^Unexpected/, "unexpected")
        .replace(/^Syntax/, "syntax")}${at === undefined ? "" : ` at character ${at}`}${found}${hint}`,
      { cause },
    );
  }
  return convert(root, text, names, 0);
}

function tooDeep(whole: string, cause?: unknown): FormatError {
  const start = whole.length > 60 ? `${whole.slice(0, 60)}…` : whole;
  return new FormatError(
    `expression "${start}": is nested too deeply (at most ${DEEPEST} levels); compute a part of it as a feature of its own`,
    { cause },
  );
}

/** Puts a short name of the same length in place of each `` `name` ``, so that places in messages stay right. */
function maskBackticks(text: string): { readonly masked: string; readonly names: readonly string[] } {
  const names: string[] = [];
  const masked = text.replace(/`([^`]*)`/g, (quoted, name: string, at: number) => {
    if (name.trim() === "") throw new FormatError(`expression "${text}": an empty name at character ${at + 1}`);
    names.push(name);
    return `${MASK}${names.length - 1}`.padEnd(quoted.length);
  });
  if (masked.includes("`")) {
    throw new FormatError(`expression "${text}": a backtick at character ${masked.indexOf("`") + 1} is not closed`);
  }
  return { masked, names };
}

/** A letter that mathjs takes in names and that no column name starts with. */
const MASK = "\u0280"; // ʀ

function convert(node: MathNode, whole: string, names: readonly string[], depth: number): ExpressionNode {
  if (depth > DEEPEST) throw tooDeep(whole);
  // For messages only, and slow to write out for every level of a long expression.
  const textOf = (): string =>
    node.toString().replace(new RegExp(`${MASK}(\\d+)`, "g"), (_, k: string) => `\`${names[Number(k)] ?? ""}\``);
  const described = <T extends object>(part: T): T & { readonly text: string } =>
    Object.defineProperty(part, "text", { get: textOf, enumerable: true }) as T & { readonly text: string };
  const refuse = (what: string): never => {
    throw new FormatError(`expression "${whole}": ${what} in "${textOf()}"`);
  };
  const inner = (part: MathNode | undefined): ExpressionNode =>
    part === undefined ? refuse("something is missing") : convert(part, whole, names, depth + 1);
  const call = (fn: string, args: readonly (MathNode | undefined)[]): ExpressionNode =>
    described({ kind: "call" as const, fn, args: args.map(inner) });
  switch (node.type) {
    case "ParenthesisNode":
      return inner(node.content);
    case "ConstantNode":
      if (typeof node.value === "number" && Number.isFinite(node.value))
        return described({ kind: "number" as const, value: node.value });
      if (typeof node.value === "boolean") return described({ kind: "boolean" as const, value: node.value });
      if (typeof node.value === "string") return described({ kind: "quoted" as const, value: node.value });
      return refuse("no value to count with");
    case "SymbolNode": {
      const name = node.name ?? "";
      const masked = name.startsWith(MASK) ? names[Number(name.slice(MASK.length))] : undefined;
      return described({ kind: "name" as const, name: masked ?? name });
    }
    case "OperatorNode":
      if (node.implicit === true) {
        const [number, unit] = node.args ?? [];
        if (typeof number?.value === "number" && unit?.type === "SymbolNode" && isKnownUnit(unit.name ?? "")) {
          return refuse(`a number with a unit is written quantity(${number.value}, "${unit.name}"), not as`);
        }
        return refuse("an operator is missing (write *; names with spaces go in backticks)");
      }
      if (node.isPercentage === true || typeof node.fn !== "string" || !OPERATORS.has(node.fn)) {
        return refuse(`the operator ${node.isPercentage === true ? "%" : node.op} is not known here;`);
      }
      return call(node.fn, node.args ?? []);
    case "ConditionalNode":
      return call("conditional", [node.condition, node.trueExpr, node.falseExpr]);
    case "RelationalNode": {
      // a < b < c: every neighbour with the next
      const { params = [], conditionals = [] } = node;
      const pairs = conditionals.map((fn, k) => call(fn, [params[k], params[k + 1]]));
      return pairs.reduce((left, right) => described({ kind: "call" as const, fn: "and", args: [left, right] }));
    }
    case "FunctionNode": {
      const name = typeof node.fn === "object" && node.fn.type === "SymbolNode" ? node.fn.name : undefined;
      return name === undefined ? refuse("only functions by name can be called,") : call(`${name}()`, node.args ?? []);
    }
    default:
      return refuse(`${REFUSED[node.type] ?? node.type} cannot be used`);
  }
}

const REFUSED: Readonly<Record<string, string>> = {
  AccessorNode: "properties and indices",
  ArrayNode: "lists",
  AssignmentNode: "an assignment (compare by ==)",
  BlockNode: "several expressions",
  FunctionAssignmentNode: "a function definition",
  IndexNode: "an index",
  ObjectNode: "an object",
  RangeNode: "a range",
};

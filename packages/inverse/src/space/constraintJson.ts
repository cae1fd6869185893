import type { Clause, Constraint, LinearTerm } from "./constraint.ts";
import type { JsonFields } from "./jsonFields.ts";

/**
 * A constraint of a stored space.
 *
 * @throws FormatError naming the field that is wrong
 */
export function readConstraint(c: JsonFields): Constraint {
  const kinds = ["linear", "order", "ratio", "presence", "expression", "forbidden"] as const;
  const kind = c.oneOf("kind", kinds);
  const label = c.optional("label", (key) => c.text(key));
  const known = ["kind", "label"];
  switch (kind) {
    case "linear":
      c.only([...known, "terms", "min", "max", "unit"]);
      return { kind, ...label, terms: c.objects("terms").map(termOf), ...limitsOf(c), ...unitOf(c) };
    case "order":
      c.only([...known, "below", "above", "gap", "orEqual"]);
      return {
        kind,
        ...label,
        below: c.textOrNumber("below"),
        above: c.textOrNumber("above"),
        ...c.optional("gap", (key) => c.number(key)),
        ...c.optional("orEqual", (key) => c.boolean(key)),
      };
    case "ratio":
      c.only([...known, "numerator", "denominator", "min", "max"]);
      return { kind, ...label, numerator: c.text("numerator"), denominator: c.text("denominator"), ...limitsOf(c) };
    case "presence":
      c.only([...known, "names", "min", "max", "least"]);
      return {
        kind,
        ...label,
        names: c.texts("names"),
        ...limitsOf(c),
        ...c.optional("least", (key) => c.number(key)),
      };
    case "expression":
      c.only([...known, "text", "min", "max", "unit"]);
      return { kind, ...label, text: c.text("text"), ...limitsOf(c), ...unitOf(c) };
    case "forbidden":
      c.only([...known, "when"]);
      return { kind, ...label, when: c.objects("when").map(clauseOf) };
  }
}

type Limits = { readonly min?: number; readonly max?: number };

function limitsOf(c: JsonFields): Limits {
  return { ...c.optional("min", (key) => c.number(key)), ...c.optional("max", (key) => c.number(key)) };
}

function unitOf(c: JsonFields): { readonly unit?: string } {
  return c.optional("unit", (key) => c.text(key));
}

function termOf(t: JsonFields): LinearTerm {
  t.only(["name", "coefficient", "unit"]);
  return { name: t.text("name"), coefficient: t.number("coefficient", 1), ...unitOf(t) };
}

function clauseOf(c: JsonFields): Clause {
  c.only(["name", "in", "min", "max"]);
  return { name: c.text("name"), ...c.optional("in", (key) => c.textsOrNumbers(key)), ...limitsOf(c) };
}

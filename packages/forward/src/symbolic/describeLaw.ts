import type { ExpressionSpace } from "./expressionSpace.ts";
import type { FittedForm } from "./fitForm.ts";
import type { LawConstant, SymbolicLaw } from "./symbolicLaw.ts";
import { readableNotation, readableUnit, writeTerm } from "./writeTerm.ts";

/** The terms of a law for people, constants apart: laws are the same where these are. */
export function termTexts(
  { bases, quantities }: ExpressionSpace,
  { terms }: Pick<FittedForm, "terms">,
): readonly string[] {
  const notation = readableNotation("Q");
  return terms
    .map((term) => {
      const { above, below } = writeTerm(term, bases, quantities, notation);
      return `${above || "1"}${below === "" ? "" : ` / ${below}`}`;
    })
    .sort();
}

/** What a law says by itself; how stable it is comes from elsewhere. */
export function describeLaw(
  space: ExpressionSpace,
  fit: FittedForm,
  unit: string,
): Pick<SymbolicLaw, "text" | "expression" | "constants" | "terms" | "rSquared"> {
  const m = fit.parameters.length;
  const constants = fit.law.parameters.map(
    (parameter, p): LawConstant => ({
      name: parameter.name,
      value: fit.parameters[p] as number, // one per parameter
      standardError: Math.sqrt(Math.max(0, fit.covariance.data[p * m + p] as number)),
      unit: parameter.unit,
    }),
  );
  const energy = fit.energy === undefined ? undefined : constants.at(-1);
  const notation = readableNotation(energy === undefined ? "" : withUnit(energy, false));
  const isPlain = fit.law.unit === "" && unit !== "";
  const parts = fit.terms.map((term, t) => {
    const { above, below } = writeTerm(term, space.bases, space.quantities, notation);
    const constant = constants[t + 1] as LawConstant; // one per term
    const sign = constant.value < 0 ? "−" : "+";
    const head = withUnit(constant, true);
    return ` ${sign} ${above === "" ? head : `${head}·${above}`}${below === "" ? "" : ` / ${below}`}`;
  });
  const text = `${withUnit(constants[0] as LawConstant, false)}${parts.join("")}`; // every law has a constant
  return {
    text: isPlain ? `(${text}) ${readableUnit(unit)}` : text,
    expression: fit.law.text,
    constants,
    terms: termTexts(space, fit),
    rSquared: fit.rSquared,
  };
}

function withUnit({ value, standardError, unit }: LawConstant, isMagnitude: boolean): string {
  const text = roundedText(isMagnitude ? Math.abs(value) : value, standardError);
  return unit === "" ? text : `${text} ${readableUnit(unit)}`;
}

const DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A value to two figures of its standard error, at most six of its own: 3.1·10⁵, 620, −0.012. */
export function roundedText(value: number, standardError: number): string {
  if (value === 0) return "0";
  const size = Math.floor(Math.log10(Math.abs(value)));
  const known = standardError > 0 ? size - Math.floor(Math.log10(standardError)) + 2 : 4;
  const short = Number(value.toPrecision(Math.min(6, Math.max(2, known))));
  const [mantissa = "", exponent = "0"] = short.toExponential().split("e");
  const power = Number(exponent);
  if (power >= -3 && power < 6) return minus(String(short));
  const raised = [...String(Math.abs(power))].map((digit) => DIGITS[Number(digit)]).join("");
  return `${minus(mantissa)}·10${power < 0 ? "⁻" : ""}${raised}`;
}

const minus = (text: string): string => text.replace("-", "−");

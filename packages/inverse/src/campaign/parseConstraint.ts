import { FormatError, parseHeader, type TargetInfo } from "@materiome/core";
import { splitQuantity } from "../space/quantity.ts";
import { parseSpec } from "../spec/parseSpec.ts";
import type { Spec } from "../spec/spec.ts";

/**
 * Reads a limit on an outcome: as {@link parseSpec} against the outcomes that are known; a name that is new makes an outcome, in the unit
 * of its header (`Retained austenite (%)<=5`) or of the limit (`Elongation>=12 %`).
 *
 * @throws FormatError, DomainError, UnitError as {@link parseSpec}
 * @example
 * parseConstraint("Elongation>=12 %", []); // { target: "Elongation", unit: "%", relation: ">=", low: 12 }
 */
export function parseConstraint(text: string, outcomes: readonly TargetInfo[]): Spec {
  const [, written, rest] = /^\s*(.+?)\s*(?:>=|<=|=|≥|≤|>|<)\s*(.+)$/s.exec(text) ?? [];
  if (written === undefined || rest === undefined) {
    throw new FormatError(`constraint "${text}": write NAME>=VALUE UNIT, NAME<=VALUE UNIT or NAME=LOW..HIGH UNIT`);
  }
  const header = parseHeader(written);
  const fold = (name: string): string => name.trim().toLowerCase();
  const known = outcomes.find(({ name }) => [written, header.name].map(fold).includes(fold(name)));
  const last = rest.split(/\.\.|…|±|\+\/-|\+-/).at(-1) ?? "";
  const unit = header.unit === "" ? (splitQuantity(last)?.unit ?? "") : header.unit;
  const target = known ?? { name: header.name, unit: parseHeader(`x (${unit})`).unit };
  const behind = text.slice(text.indexOf(written) + written.length);
  return parseSpec(`${target.name}${behind}`, [target]);
}

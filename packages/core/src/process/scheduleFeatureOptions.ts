import type { BeamMaterial } from "./energyDensity.ts";
import { isRecord, suggestion } from "./readStep.ts";
import type { ThermalProfileOptions } from "./thermalProfile.ts";

/** Which numbers are made of a schedule, beyond those that need no constant of a material. */
export interface ScheduleFeatureOptions {
  /** C of the Hollomon–Jaffe parameter, time in hours. @defaultValue 20 */
  readonly hollomonJaffeC?: number | undefined;
  /** Adds measures of the whole thermal history, compiled with these options. @defaultValue none of them */
  readonly profile?: ThermalProfileOptions | undefined;
  /** With `profile`: adds the time above each of these temperatures. @defaultValue none */
  readonly aboveC?: readonly number[] | undefined;
  /** With `profile`: adds the equivalent isothermal time of an Arrhenius process. @defaultValue none */
  readonly arrhenius?: { readonly activationEnergyJPerMol: number; readonly referenceC: number } | undefined;
  /** Adds the Zener–Hollomon parameter of deformation. @defaultValue none */
  readonly zenerHollomon?: { readonly activationEnergyJPerMol: number } | undefined;
  /** Adds the normalised enthalpy of printing: constants for each label of a column. @defaultValue none */
  readonly beamMaterial?:
    | { readonly column: string; readonly materials: Readonly<Record<string, BeamMaterial>> }
    | undefined;
  /** Adds the homologous temperature of deposition. @defaultValue none */
  readonly meltingK?: number | undefined;
}

/** What is wrong with options, also with ones read from a file. */
export function featureOptionProblems(options: Readonly<Record<string, unknown>>): string[] {
  const problems: string[] = [];
  const check = (at: string, value: unknown, above: number): void => {
    if (value === undefined) return;
    const isSound = typeof value === "number" && value > above && value < Number.POSITIVE_INFINITY;
    if (!isSound) problems.push(`${at}: expected a number above ${above}, found ${JSON.stringify(value)}`);
  };
  const within = (at: string, value: unknown, fields: Readonly<Record<string, number>>): void => {
    if (value === undefined) return;
    if (!isRecord(value)) problems.push(`${at}: expected an object { ${Object.keys(fields).join(", ")} }`);
    else for (const [name, above] of Object.entries(fields)) check(`${at}.${name}`, value[name] ?? null, above);
  };
  for (const key of Object.keys(options))
    if (!KNOWN.includes(key)) problems.push(`${key}: unknown option${suggestion(key, KNOWN)}`);
  const { hollomonJaffeC, profile, aboveC, arrhenius, zenerHollomon, beamMaterial, meltingK } = options;
  check("hollomonJaffeC", hollomonJaffeC, 0);
  check("meltingK", meltingK, 0);
  within("arrhenius", arrhenius, { activationEnergyJPerMol: 0, referenceC: -273.15 });
  within("zenerHollomon", zenerHollomon, { activationEnergyJPerMol: 0 });
  if (aboveC !== undefined && !Array.isArray(aboveC)) problems.push("aboveC: expected a list of temperatures");
  for (const [i, above] of (Array.isArray(aboveC) ? (aboveC as unknown[]) : []).entries())
    check(`aboveC[${i}]`, above, -273.15);
  if (profile === undefined && (aboveC !== undefined || arrhenius !== undefined)) {
    problems.push("aboveC and arrhenius speak of the thermal history; ask for it with profile: {}");
  }
  if (isRecord(profile)) {
    check("profile.quenchToC", profile["quenchToC"], -273.15);
    const { quench } = profile;
    if (quench !== undefined && quench !== "refuse" && quench !== "jump") {
      problems.push(`profile.quench: expected "refuse" or "jump", found ${JSON.stringify(quench)}`);
    }
  } else if (profile !== undefined) problems.push("profile: expected an object { quench, quenchToC }");
  if (beamMaterial === undefined) return problems;
  if (!isRecord(beamMaterial) || typeof beamMaterial["column"] !== "string" || !isRecord(beamMaterial["materials"])) {
    problems.push("beamMaterial: expected an object { column, materials: { label: constants } }");
    return problems;
  }
  for (const [label, constants] of Object.entries(beamMaterial["materials"])) {
    within(`beamMaterial.materials["${label}"]`, constants, MATERIAL);
    if (isRecord(constants) && typeof constants["absorptivity"] === "number" && constants["absorptivity"] > 1) {
      problems.push(
        `beamMaterial.materials["${label}"].absorptivity: expected at most 1, found ${constants["absorptivity"]}`,
      );
    }
  }
  return problems;
}

const KNOWN = ["hollomonJaffeC", "profile", "aboveC", "arrhenius", "zenerHollomon", "beamMaterial", "meltingK"];
const MATERIAL = { absorptivity: 0, densityKgPerM3: 0, meltingEnthalpyJPerKg: 0, diffusivityM2PerS: 0 };

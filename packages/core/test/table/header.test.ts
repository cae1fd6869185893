import { parseHeader } from "@materiome/core";
import { describe, expect, it } from "vitest";

describe("parseHeader", () => {
  it.each([
    ["Yield strength (MPa)", "Yield strength", "MPa"],
    ["YS [MPa]", "YS", "MPa"],
    ["Temp (°C)", "Temp", "degC"],
    ["Temp (C)", "Temp", "degC"],
    ["Carbon (C)", "Carbon (C)", ""],
    ["Laser Power (W)", "Laser Power", "W"],
    ["x (K)", "x", "K"],
    ["Vanadium content (V)", "Vanadium content (V)", ""],
    ["Voltage (V)", "Voltage", "V"],
    ["Tungsten (W)", "Tungsten (W)", ""],
    ["C wt%", "C", "wt%"],
    ["Mn (wt.%)", "Mn", "wt%"],
    ["Cr (wt. %)", "Cr", "wt%"],
    ["O content (wppm)", "O content", "wppm"],
    ["D50 μm", "D50", "um"],
    ["Fatigue Strength (10E7 Cycles)", "Fatigue Strength (10E7 Cycles)", ""],
    ["PROPERTY: grain size ($\\mu$m)", "PROPERTY: grain size", "um"],
    ["PROPERTY: Exp. Density (g/cm$^3$)", "PROPERTY: Exp. Density", "g/cm3"],
    ["PROPERTY: Test temperature ($^\\circ$C)", "PROPERTY: Test temperature", "degC"],
    ["PROPERTY: HV", "PROPERTY: HV", "HV"],
    ["Conductivity (measured) (S/cm)", "Conductivity (measured)", "S/cm"],
    ["Qtot(uL/min)", "Qtot", "uL/min"],
    ["Phase(s)", "Phase(s)", ""],
    ["Time(s)", "Time", "s"],
    ["Time, h", "Time", "h"],
    ["Strength / MPa", "Strength", "MPa"],
    ["Strength in MPa", "Strength", "MPa"],
    ["cooling rate (K/s)", "cooling rate", "K/s"],
    ["yield_strength_MPa", "yield_strength", "MPa"],
    ["Volume fraction", "Volume fraction", ""],
    ["Yield min", "Yield min", ""],
    ["MPa", "MPa", ""],
    ["Pd", "Pd", ""],
    ["  Hardness   (HV) ", "Hardness", "HV"],
    ["Toughness (MPa·m^0.5)", "Toughness", "MPa*m^0.5"],
    ["Thermal conductivity (W/(m·K))", "Thermal conductivity", "W/m/K"],
    ["", "", ""],
  ])("%j is %j in %j", (header, name, unit) => {
    expect(parseHeader(header)).toMatchObject({ name, unit });
  });
});

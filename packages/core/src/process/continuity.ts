import { totalStrainOf } from "./deformation.ts";
import type { ScheduleProblem } from "./schedule.ts";
import type { Step } from "./step.ts";

/** Two statements of one temperature may differ by this. */
const SAME_TEMPERATURE_K = 1;
const SAME = 0.01;

/** What is wrong with how sound steps follow each other, and with statements of one step that contradict each other. */
export function continuityProblems(steps: readonly Step[], startTemperatureC: number | undefined): ScheduleProblem[] {
  const problems: ScheduleProblem[] = [];
  let temperatureC = startTemperatureC;
  for (const [i, step] of steps.entries()) {
    const add = (field: string, message: string): void => {
      problems.push({ step: i + 1, field, message });
    };
    checkDirection(step, temperatureC, add);
    checkAgreement(step, temperatureC, add);
    temperatureC = temperatureAfter(step, temperatureC);
  }
  return problems;
}

/** Temperature after a step; undefined where the step does not say it. */
export function temperatureAfter(step: Step, before: number | undefined): number | undefined {
  switch (step.kind) {
    case "heat":
    case "cool":
    case "sinter":
      return step.temperatureC;
    case "quench":
      return step.temperatureC;
    case "hold":
    case "deform":
    case "deposit":
    case "mix":
    case "cure":
    case "dry":
      return step.temperatureC ?? before;
    case "print":
      return undefined;
    case "mill":
      return before;
  }
}

type Add = (field: string, message: string) => void;

function checkDirection(step: Step, before: number | undefined, add: Add): void {
  const after = "temperatureC" in step ? step.temperatureC : undefined;
  if (before === undefined || after === undefined) return;
  if (step.kind === "heat" && !(after > before)) {
    add("temperatureC", `expected above ${before}, the temperature reached, found ${after}; cooling is a "cool" step`);
  } else if ((step.kind === "cool" || step.kind === "quench") && !(after < before)) {
    add("temperatureC", `expected below ${before}, the temperature reached, found ${after}; heating is a "heat" step`);
  } else if ((step.kind === "hold" || step.kind === "deform") && Math.abs(after - before) > SAME_TEMPERATURE_K) {
    const missing = after > before ? "heat" : "cool";
    add(
      "temperatureC",
      `expected ${before}, the temperature reached, found ${after}; put a "${missing}" step before it`,
    );
  }
}

function checkAgreement(step: Step, before: number | undefined, add: Add): void {
  if (step.kind === "hold" && step.temperatureC === undefined && step.timeS === undefined) {
    add("timeS", "expected a time or a temperature, found neither; a hold step says at least one");
  }
  if ((step.kind === "heat" || step.kind === "cool") && step.rateKPerS !== undefined && step.timeS !== undefined) {
    if (before === undefined) return;
    const timeS = Math.abs(step.temperatureC - before) / step.rateKPerS;
    if (differ(timeS, step.timeS)) {
      add("timeS", `expected ${short(timeS)} s by rateKPerS, found ${step.timeS}; give the time or the rate`);
    }
  }
  if (step.kind === "deform") {
    if ((step.thicknessInMm === undefined) !== (step.thicknessOutMm === undefined)) {
      const [has, lacks] = step.thicknessInMm === undefined ? ["out", "In"] : ["in", "Out"];
      add(`thickness${lacks}Mm`, `expected with the thickness ${has}, found none; give both`);
    } else if (step.thicknessInMm !== undefined && !(step.thicknessInMm > (step.thicknessOutMm ?? 0))) {
      add(
        "thicknessOutMm",
        `expected below thicknessInMm = ${step.thicknessInMm}, found ${step.thicknessOutMm}; swapped?`,
      );
    } else {
      const strains = totalStrainOf(step);
      const [first] = strains;
      const other = strains.find(({ strain }) => first !== undefined && differ(strain, first.strain));
      if (first !== undefined && other !== undefined) {
        add(
          other.from,
          `expected a strain of ${short(first.strain)} by ${first.from}, found ${short(other.strain)}; give one of them`,
        );
      }
    }
  }
  if (step.kind === "deposit") {
    const { rateNmPerS, timeS, thicknessNm } = step;
    if (rateNmPerS === undefined || timeS === undefined || thicknessNm === undefined) return;
    if (differ(rateNmPerS * timeS, thicknessNm)) {
      add(
        "thicknessNm",
        `expected rate × time = ${short(rateNmPerS * timeS)}, found ${thicknessNm}; give two of three`,
      );
    }
  }
}

function differ(a: number, b: number): boolean {
  return Math.abs(a - b) > SAME * Math.max(a, b);
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

import { DataError } from "../../errors/errors.ts";
import { nearestNames } from "../../text/nearestNames.ts";
import { GRADES, type Grade } from "./grade.ts";

/** What a text may begin with, and the metal that it then speaks of. */
const PREFIXES: readonly (readonly [RegExp, string | undefined])[] = [
  [/^(?:aisi|sae)(?:sae|aisi)?/, "Fe"],
  [/^(?:stainlesssteel|stainless|steel|ss)/, "Fe"],
  [/^(?:enaw|enac|aa|aluminiumalloy|aluminumalloy|aluminium|aluminum|al)/, "Al"],
  [/^(?:en|uns|wnr|werkstoffnr|astm|alloy|type|grade)/, undefined],
];
const SUFFIXES = /(?:stainlesssteel|stainless|toolsteel|steel|alloy|ss)$/;
/** Between several names of one grade: `1.4404 (316L)`, `316L / S31603`. */
const SEPARATORS = /[(),;/|]+/;
/** Temper of an aluminium or magnesium alloy: -T6, -T651, -H116, -O, -F. */
const TEMPER = /[\s-]+(?:T\d{1,4}|H\d{2,3}|O|F)$/i;

const byKey: ReadonlyMap<string, readonly Grade[]> = index();

/**
 * The grade that a text names: by its name, UNS or EN number, EN or trade name. Case, spaces and hyphens do not matter, nor
 * dots but for decimal points (`Ti-3Al-2.5V`, `1.4404`), nor do AISI, SAE, UNS, EN AW, SS and the like in front, "steel" or "alloy" behind, or the temper of a light alloy
 * (`6061-T6`); several names of one grade may stand together (`1.4404 (316L)`).
 *
 * The composition is nominal: the middle of each range, half of each maximum, the rest the balance element.
 *
 * @throws DataError where no grade has this name (with the nearest ones), or several have (with all of them)
 * @example
 * resolveGrade("SS316L").nominal.get("Mo"); // 2.5
 * resolveGrade("1.4404").name; // "316L"
 */
export function resolveGrade(text: string): Grade {
  const found = candidates(text);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (found.length > 1) {
    const names = found.map((grade) => `${grade.name} (${grade.standard})`).join(", ");
    throw new DataError(`resolveGrade: "${text}" may be ${names}; write which`);
  }
  const near = nearestNames(text, [...new Set(GRADES.flatMap((grade) => [grade.name, ...grade.aliases]))]);
  const hint = near.length === 0 ? "give its composition instead" : `did you mean ${near.join(", ")}?`;
  throw new DataError(`resolveGrade: no grade "${text}" is known; ${hint}`);
}

/** The grade that a text names, undefined where none or several do. */
export function tryResolveGrade(text: string): Grade | undefined {
  const found = candidates(text);
  return found.length === 1 ? found[0] : undefined;
}

function candidates(text: string): readonly Grade[] {
  const whole = named(keyOf(text));
  if (whole.length > 0) return whole;
  const bare = text.trim().replace(TEMPER, "");
  if (bare !== text.trim()) {
    const light = candidates(bare).filter((grade) => grade.balance === "Al" || grade.balance === "Mg");
    if (light.length > 0) return light;
  }
  const key = keyOf(text);
  const ending = key.replace(SUFFIXES, "");
  if (ending !== key && named(ending).length > 0) return named(ending);
  for (const [prefix, base] of PREFIXES) {
    for (const tail of new Set([key.replace(prefix, ""), ending.replace(prefix, "")])) {
      if (tail === key || tail === ending) continue;
      const found = named(tail).filter((grade) => base === undefined || grade.balance === base);
      if (found.length > 0) return found;
    }
  }
  return ofParts(text);
}

/** The grades that the parts of a text name, where each part names one. */
function ofParts(text: string): readonly Grade[] {
  const parts = text.split(SEPARATORS).filter((part) => part.trim() !== "");
  if (parts.length < 2) return [];
  const grades = parts.map((part) => tryResolveGrade(part));
  return grades.every((grade) => grade !== undefined) ? [...new Set(grades)] : [];
}

function named(key: string): readonly Grade[] {
  return byKey.get(key) ?? [];
}

/** Letters, digits and decimal points. */
function keyOf(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9.]|(?<!\d)\.|\.(?!\d)/g, "");
}

function index(): ReadonlyMap<string, readonly Grade[]> {
  const grades = new Map<string, Grade[]>();
  for (const grade of GRADES) {
    for (const key of new Set([grade.name, ...grade.aliases].map(keyOf))) {
      const known = grades.get(key);
      if (known === undefined) grades.set(key, [grade]);
      else known.push(grade);
    }
  }
  return grades;
}

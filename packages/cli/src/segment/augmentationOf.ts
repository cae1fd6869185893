import { type Augmentation, augmentationPreset } from "@materiome/microstructure/patches";

const PRESETS: ReadonlySet<string> = new Set(["none", "default", "varied"]);

/** The steps named, with their own ranges, beside those of `default` or `varied`. Colours are left as they are, as they tell phases apart. */
export function augmentationOf(names: readonly string[], isGrey: boolean): Augmentation {
  const named = names.filter((name) => !PRESETS.has(name)).map((name) => [name, {}]);
  const isVaried = names.includes("varied");
  return {
    ...(Object.fromEntries(named) as Augmentation),
    ...(isVaried || names.includes("default") ? augmentationPreset({ changesGrey: isGrey, isVaried }) : {}),
  };
}

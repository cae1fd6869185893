import { violationsOf } from "../space/violations.ts";
import type { CampaignState } from "./campaignState.ts";
import { pointOfSettings } from "./pointOfSettings.ts";

/**
 * Open suggestions that the space does not allow any more, since bounds, levels, constraints or what is given were changed, each with the reason: they
 * count as being tried until they are told, as `withdrawn` where nobody will.
 */
export function openOutside({
  space,
  experiments,
}: CampaignState): readonly { readonly id: string; readonly why: string }[] {
  return experiments.flatMap(({ id, status, settings }) => {
    if (status !== "pending") return [];
    const other = space.fixed.find(({ name, value }) => (settings[name] ?? value) !== value);
    if (other !== undefined) return [{ id, why: `${other.name} = ${settings[other.name]}, now ${other.value}` }];
    const found = pointOfSettings(space, settings);
    const why = "missing" in found ? found.why : violationsOf(space, found.point).join("; ");
    return why === "" ? [] : [{ id, why }];
  });
}

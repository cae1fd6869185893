import { figures, percent } from "../terminal/figures.ts";
import { GREY_FOREST } from "./greyForest.ts";
import type { ImageScores } from "./heldOutImages.ts";

/** Says where a forest that knows no shapes does as well as the network: then the network has not learned what is shown. */
export function noBetter({ heldOut, baselines = [], heldOutValues = [] }: ImageScores): string[] {
  const advice = "more images or --epochs may help, or the images may not show it";
  const forest = baselines.find(({ name }) => name === GREY_FOREST);
  const ofClasses =
    heldOut === undefined ||
    forest === undefined ||
    heldOut.balancedAccuracy === 1 ||
    forest.balancedAccuracy < heldOut.balancedAccuracy
      ? []
      : [
          `a ${GREY_FOREST} calls ${percent(forest.balancedAccuracy)} right in the mean over classes, the network ${percent(heldOut.balancedAccuracy)}: it has learned no shapes that help; ${advice}`,
        ];
  const ofValues = heldOutValues.flatMap(({ name, mae, baselines: own }) => {
    const simple = own.find((one) => one.name === GREY_FOREST);
    if (simple === undefined || simple.mae > mae) return [];
    return [
      `${name}: the mean error of a ${GREY_FOREST} is ${figures(simple.mae)}, of the network ${figures(mae)}: it has learned no shapes that help; ${advice}`,
    ];
  });
  return [...ofClasses, ...ofValues];
}

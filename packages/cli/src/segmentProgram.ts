import type { AugmentationStep } from "@materiome/microstructure/patches";
import { type Command, Option } from "commander";
import { NET_DEFAULTS } from "./nets/netDefaults.ts";
import { DESCRIPTION_EXAMPLE } from "./segment/descriptionExample.ts";
import { TARGETS } from "./segment/trainingTarget.ts";
import {
  command,
  dataBar,
  example,
  integerFrom,
  integerList,
  integerRange,
  learningRate,
  otherColour,
  otherScale,
  positive,
  views,
} from "./terminal/commandOptions.ts";
import type { SetExitCode } from "./terminal/exitCodes.ts";
import type { CommonOptions, Session } from "./terminal/session.ts";

/** Checked against the steps that `augmentation` takes; none: pieces as they are; default: what is done without the option; varied: more of it. */
export const AUGMENTATIONS: readonly string[] = Object.keys({
  none: true,
  default: true,
  varied: true,
  flip: true,
  turn: true,
  rotate: true,
  scale: true,
  elastic: true,
  cutMix: true,
  composite: true,
  illumination: true,
  blur: true,
  astigmatism: true,
  motionBlur: true,
  charging: true,
  shotNoise: true,
  gaussianNoise: true,
  contrast: true,
  brightness: true,
  gamma: true,
  cutOut: true,
} satisfies Record<Exclude<AugmentationStep, "whiteBalance"> | "none" | "default" | "varied", true>);

/** `materiome segment train|pretrain|average|predict|import`. */
export function addSegmentCommands(
  program: Command,
  session: (options: CommonOptions) => Session,
  setExitCode: SetExitCode,
): void {
  const segment = program.command("segment").description("segmentation learned from labelled micrographs");
  command(
    segment,
    "train",
    "learns to tell classes of pixels apart from label images or strokes; for segment predict and digitize --model",
  )
    .argument("<images...>", "micrographs, folders of them, or patterns")
    .requiredOption(
      "--labels <files...>",
      "label images (0 not labelled, k the k-th class; or a number for each region, see --target) or polygons (LabelMe, COCO, GeoJSON, ImageJ), in the order of the micrographs",
    )
    .addOption(
      new Option(
        "--target <what>",
        "what labels are. classes: numbers of classes; boundaries, grains, particles: a number for each region, of which boundaries of grains are learned; or, by --learner unet, grains or particles themselves, which may touch",
      )
        .choices(TARGETS)
        .default("classes"),
    )
    .option(
      "--classes <names...>",
      "names of the classes 1, 2, …; the first is the matrix; one named boundary makes grains (needed for --target classes alone)",
    )
    .requiredOption("--out <file>", "model to write (JSON)")
    .option("--pixel-size <um>", "edge of a pixel in µm; overrides the files' own calibration", positive)
    .addOption(dataBar())
    .addOption(
      new Option(
        "--learner <name>",
        "forest: quick; boosting: trees that correct those before; unet: a net, for many labels, minutes to hours",
      )
        .choices(["forest", "boosting", "unet"])
        .default("forest"),
    )
    .addOption(
      new Option(
        "--normalise <how>",
        "image: brightness and contrast of each image are made alike (done unless --pretrained says otherwise); none: grey as it is",
      ).choices(["image", "none"]),
    )
    .option("--specimens <map.csv>", "columns `file` and `specimen`: images of one specimen are held out together")
    .option("--report <file>", "page with scores and pictures of what is right and wrong in images held out (HTML)")
    .option("--samples <n>", "trees: training pixels drawn from each image (3000)", integerFrom(10))
    .option(
      "--trees <n>",
      "trees of the forest (100), or rounds of boosting (300; fewer take longer steps)",
      integerFrom(1),
    )
    .option(
      "--context",
      "trees: a second stage that sees the first one's result around each pixel: slower; look whether it helps on images held out",
    )
    .option(
      "--epochs <n>",
      "unet: passes over the labelled pixels, at most (14; more, such as 48, where the loss still falls)",
      integerFrom(1),
    )
    .addOption(learningRate(NET_DEFAULTS.learningRate, "unet: "))
    .option(
      "--filters <numbers>",
      "unet: filters of each level, each at half the resolution (12,24,48,64,96)",
      integerList,
    )
    .option(
      "--patch <px>",
      "unet: edge of the pieces it learns from (128, or what fits into the smallest image)",
      integerFrom(8),
    )
    .addOption(
      new Option(
        "--augment <steps...>",
        "unet: what is done to pieces (default: flip, turn, rotate, scale, elastic; of grey images also contrast, brightness, gamma, gaussianNoise, blur); varied is for images of other microscopes: all that wider, and shaded unevenly; composite puts regions of rare classes elsewhere",
      ).choices(AUGMENTATIONS),
    )
    .option("--validation <images...>", "unet: which of the images choose the epoch (a fifth of them)")
    .option("--test <images...>", "unet: which of the images are only scored (a fifth; none with --validation)")
    .option(
      "--pretrained <model>",
      "unet: start from a net that this command or segment pretrain made, of related images",
    )
    .option("--resume", "unet: go on with a training that was stopped")
    .addHelpText(
      "after",
      example("materiome segment train fields/ --labels drawn/ --classes matrix carbide --out carbide.model.json") +
        "\n  $ materiome segment train fields/ --labels drawn/ --classes matrix carbide --learner unet --out net.model.json" +
        "\n  $ materiome segment train fields/ --labels numbered/ --target particles --learner unet --out particles.model.json",
    )
    .action(async (images: string[], options) => {
      const { runSegmentTrainCommand } = await import("./commands/segmentTrain.ts");
      await runSegmentTrainCommand(images, options, session(options));
    });

  command(
    segment,
    "pretrain",
    "a net for segment train --pretrained where few images are labelled: it restores damaged images, tells patches of images apart, or finds grains of drawn ones",
  )
    .argument("[images...]", "micrographs without labels, folders of them, or patterns; none with --synthetic")
    .requiredOption("--out <file>", "net to write (JSON)")
    .option(
      "--synthetic <n>",
      "learn grains and their boundaries from so many pictures that are drawn, such as 100, in place of images (grey only)",
      integerFrom(5),
    )
    .addOption(
      new Option(
        "--task <what>",
        "restore: damaged images become what they were; contrast: two views of a patch are told from those of others (SimCLR), by one thread (restore)",
      ).choices(["restore", "contrast"]),
    )
    .option("--grain-px <from,to>", "synthetic: mean intercepts of the grains, px (12,60)", integerRange)
    .addOption(
      new Option("--boundary <look>", "synthetic: how boundaries look beside grains (either)").choices([
        "dark",
        "bright",
        "either",
      ]),
    )
    .option("--report <file>", "synthetic: page with pictures held out and what was found in them (HTML)")
    .addOption(
      new Option("--normalise <how>", "as in the training that follows").choices(["image", "none"]).default("image"),
    )
    .addOption(dataBar())
    .option("--epochs <n>", "passes over the images, at most (7)", integerFrom(1))
    .addOption(learningRate(NET_DEFAULTS.learningRate))
    .option("--filters <numbers>", "filters of each level, each at half the resolution (12,24,48,64,96)", integerList)
    .option(
      "--patch <px>",
      "edge of the pieces it learns from (128, or what fits into the smallest image)",
      integerFrom(8),
    )
    .option("--resume", "go on with a training that was stopped")
    .addHelpText(
      "after",
      example("materiome segment pretrain fields/ --out seen.net.json") +
        "\n  $ materiome segment pretrain --synthetic 100 --out grains.model.json --report grains.html",
    )
    .action(async (images: string[], options) => {
      const { runSegmentPretrainCommand } = await import("./commands/segmentPretrain.ts");
      await runSegmentPretrainCommand(images, options, session(options));
    });

  command(
    segment,
    "average",
    "several models of the same classes as one, which takes the mean of their probabilities: mostly better than each, and undecided where they disagree",
  )
    .argument(
      "<models...>",
      "models that segment train or segment import wrote, such as one of trees and one net (an average counts as one)",
    )
    .requiredOption("--out <file>", "model to write (JSON)")
    .addHelpText("after", example("materiome segment average trees.model.json net.model.json --out both.model.json"))
    .action(async (models: string[], options) => {
      const { runSegmentAverageCommand } = await import("./commands/segmentAverage.ts");
      await runSegmentAverageCommand(models, options, session(options));
    });

  command(segment, "import", "a segmentation network from elsewhere (ONNX) as a model for segment predict and digitize")
    .argument("<network>", "ONNX file that holds its weights")
    .requiredOption("--description <file>", "JSON that says what the network takes and gives (SegmenterDescription)")
    .requiredOption("--out <file>", "model to write (JSON)")
    .option(
      "--pixel-size <um>",
      "edge of a pixel of its training images in µm, where the description has none",
      positive,
    )
    .addHelpText(
      "after",
      `${example("materiome segment import phases.onnx --description phases.json --out phases.model.json")}

What export wrote beside a network describes it. For one from elsewhere, write such a file: grey comes as 0 … 1, less
mean and over deviation; sides are made multiples of "multiple"; a result depends on "halo" pixels around.
${DESCRIPTION_EXAMPLE}`,
    )
    .action(async (network: string, options) => {
      const { runSegmentImportCommand } = await import("./commands/segmentImport.ts");
      await runSegmentImportCommand(network, options, session(options));
    });

  command(
    segment,
    "predict",
    "the class of every pixel by a trained model, where it is in doubt, and pictures to check",
  )
    .argument("<images...>", "micrographs, folders of them, or patterns")
    .requiredOption("--model <file>", "model that `segment train` or `segment average` wrote")
    .requiredOption(
      "--out <dir>",
      "folder for label images (k the k-th class, or a number for each region), uncertainty (0 certain … 1 all classes alike), overlays and summary.json",
    )
    .option(
      "--labels <files...>",
      "label images or polygons to score by, in the order of the micrographs, numbered as in training",
    )
    .option("--pixel-size <um>", "edge of a pixel in µm; overrides the files' own calibration", positive)
    .addOption(otherScale())
    .addOption(otherColour())
    .addOption(views())
    .addOption(dataBar())
    .option("--probabilities", "also write the probability of each class (TIFF, a page a class)")
    .addHelpText("after", example("materiome segment predict fields/*.tif --model net.model.json --out out/classes"))
    .action(async (images: string[], options) => {
      const { runSegmentPredictCommand } = await import("./commands/segmentPredict.ts");
      await runSegmentPredictCommand(images, options, session(options), setExitCode);
    });
}

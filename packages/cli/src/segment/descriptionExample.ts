/** A description of a network for `segment import`, to begin with. */
export const DESCRIPTION_EXAMPLE = `{
  "format": "materiome/segmenter-description", "version": 1,
  "input": { "name": "image", "layout": "NCHW", "channels": 1, "mean": [0.5], "deviation": [0.25] },
  "output": { "name": "scores", "layout": "NCHW", "values": "logits" },
  "tiling": { "multiple": 16, "halo": 96 },
  "classes": ["matrix", "carbide"]
}`;

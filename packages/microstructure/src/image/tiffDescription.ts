import type { EncodeTiffOptions, TiffPlane } from "./encodeTiff.ts";

/** ImageDescription as ImageJ writes it: unit, display range, channels of a stack and their names. */
export function imageJDescription(
  planes: readonly TiffPlane[],
  _width: number,
  _height: number,
  options: EncodeTiffOptions,
): string {
  const lines = ["ImageJ=1.54f"];
  const n = planes.length;
  if (n > 1) lines.push(`images=${n}`, `channels=${n}`, "hyperstack=true", "mode=grayscale");
  if (options.pixelSizeUm !== undefined) lines.push("unit=micron");
  let min = 0;
  let max = 0;
  for (const plane of planes) {
    for (const value of plane) {
      if (value > max) max = value;
      else if (value < min) min = value;
    }
  }
  lines.push(`min=${decimal(min)}`, `max=${decimal(max)}`);
  for (const [k, name] of (options.names ?? []).entries())
    lines.push(`# channel ${k + 1}: ${name.replace(/\s+/g, " ")}`);
  return `${lines.join("\n")}\n`;
}

/** OME-XML, schema 2016-06, of one image whose channels are the pages in turn. */
export function omeDescription(
  planes: readonly TiffPlane[],
  width: number,
  height: number,
  options: EncodeTiffOptions,
): string {
  const [first] = planes;
  const type = first instanceof Float32Array ? "float" : first instanceof Uint16Array ? "uint16" : "uint32";
  const { pixelSizeUm, names } = options;
  const size =
    pixelSizeUm === undefined
      ? ""
      : ` PhysicalSizeX="${pixelSizeUm}" PhysicalSizeXUnit="µm" PhysicalSizeY="${pixelSizeUm}" PhysicalSizeYUnit="µm"`;
  const channels = planes.map((_, k) => {
    const name = names?.[k] === undefined ? "" : ` Name="${escapeXml(names[k])}"`;
    return `<Channel ID="Channel:0:${k}"${name} SamplesPerPixel="1"/>`;
  });
  const data = planes.map((_, k) => `<TiffData FirstC="${k}" FirstZ="0" FirstT="0" IFD="${k}" PlaneCount="1"/>`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.openmicroscopy.org/Schemas/OME/2016-06 http://www.openmicroscopy.org/Schemas/OME/2016-06/ome.xsd">',
    '<Image ID="Image:0">',
    `<Pixels ID="Pixels:0" DimensionOrder="XYCZT" Type="${type}" BigEndian="false" SizeX="${width}" SizeY="${height}" SizeC="${planes.length}" SizeZ="1" SizeT="1"${size}>`,
    ...channels,
    ...data,
    "</Pixels></Image></OME>",
  ].join("");
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

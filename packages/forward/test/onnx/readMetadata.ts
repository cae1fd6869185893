import { PbfReader } from "pbf";

/** `metadata_props` (field 14 of `ModelProto`) of an ONNX file. */
export function readMetadata(bytes: Uint8Array): Record<string, string> {
  const entries: Record<string, string> = {};
  new PbfReader(bytes).readFields((tag, _, pbf) => {
    if (tag !== 14) return;
    const pair = pbf.readMessage((field, texts: string[], inner) => {
      texts[field - 1] = inner.readString();
    }, []);
    entries[pair[0]] = pair[1];
  }, undefined);
  return entries;
}

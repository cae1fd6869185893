export { NET_BACKENDS, type NetBackend } from "./engine.ts";

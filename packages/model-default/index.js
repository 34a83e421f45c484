/** A model as the package `salesmirror` imports it. Bundlers copy the file that the URL names. */
export { manifest } from './manifest.js';
export const url = new URL('./model.gguf', import.meta.url).href;

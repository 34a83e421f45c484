/** The package of the default model, as pkg-scripts/pack makes it. */
declare module '@salesmirror/model-default' {
  /** The content of manifest.json. */
  export const manifest: object;
  /** URL of model.gguf, absolute or from the root of the server. */
  export const url: string;
}

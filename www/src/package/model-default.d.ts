/** The package of the default model, as pkg-scripts/pack makes it. */
declare module '@salesmirror/model-default' {
  /** The content of manifest.json. */
  export const manifest: object;
  /** Absolute URL of model.gguf. */
  export const url: string;
}

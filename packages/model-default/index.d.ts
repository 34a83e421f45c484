/** The content of manifest.json. */
export declare const manifest: object;
/** Absolute URL of the model file. */
export declare const url: string;

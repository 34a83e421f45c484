/** The content of manifest.json. */
export declare const manifest: object;
/** URL of the model file, absolute or from the root of the server, as the bundler gives it. */
export declare const url: string;

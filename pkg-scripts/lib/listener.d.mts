import type { RequestListener } from 'node:http';

export const TYPES: Readonly<Record<string, string>>;
export const POLICY: string;
export const HEADERS: Readonly<Record<string, string>>;
export function listener(directory: string, always?: Readonly<Record<string, string>>): Promise<RequestListener>;

import type { RequestListener } from 'node:http';

export const POLICY: string;
export const HEADERS: Readonly<Record<string, string>>;
export function listener(directory: string, always?: Readonly<Record<string, string>>): Promise<RequestListener>;

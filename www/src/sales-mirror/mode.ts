/** Whom the widget is for: the writer, a manager, an interviewer, or a script. */
export type Mode = 'self' | 'team' | 'candidate' | 'headless';

/** What a writer can look at. */
export const TABS = ['report', 'plan', 'history'] as const;
export type Tab = (typeof TABS)[number];

/** How the answers of a candidate come in: pasted as a transcript, or typed question by question. */
export type Entry = 'paste' | 'interview';

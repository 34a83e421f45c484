/** Whom the widget is for: the writer, a manager, an interviewer, or a script. */
export type Mode = 'self' | 'team' | 'candidate' | 'headless';

/** How the answers of a candidate come in: pasted as a transcript, or typed question by question. */
export type Entry = 'paste' | 'interview';

/** Whom the widget is for: the writer, a manager, an interviewer, or a script. */
export type Mode = 'self' | 'team' | 'candidate' | 'headless';

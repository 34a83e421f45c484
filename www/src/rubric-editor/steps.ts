/** What was typed, with the way back: a rubric being edited, and what it was before. It knows nothing of the form. */
import type { Edition } from './file';
import type { Field, Values } from './fields';

/** A file that was opened, or the words that ship. */
export interface Source {
  /** Empty for the words that ship. */
  readonly name: string;
  readonly languages: readonly string[];
  readonly editions: readonly Edition[];
  /** What the file holds, as it was opened or saved last. */
  readonly saved: Values;
}

export interface State {
  readonly source: Source;
  readonly values: Values;
}

/** Typing in one field is one step, until the person pauses for so many milliseconds. */
const PAUSE_MS = 1500;

export class Steps {
  private readonly past: State[] = [];
  private future: State[] = [];
  private typing: { readonly field: Field; readonly at: number } | undefined;

  constructor(private current: State) {}

  get state(): State {
    return this.current;
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.future.length > 0;
  }

  /** What another file had that was never saved, before this one was opened. */
  get left(): State | undefined {
    return this.past.findLast(({ source }) => source !== this.current.source);
  }

  /** @param field that is being typed in, if the change is to be one step with the one before it in the same field */
  change(state: State, field?: Field, now = Date.now()): void {
    const { typing } = this;
    const goesOn = typing && field === typing.field && now - typing.at < PAUSE_MS;
    if (!goesOn) this.past.push(this.current);
    this.future = [];
    this.typing = field === undefined ? undefined : { field, at: now };
    this.current = state;
  }

  undo(): void {
    this.step(this.past, this.future);
  }

  redo(): void {
    this.step(this.future, this.past);
  }

  /** Every state of the present file is one of the given file from now on, as when it was saved. */
  resource(source: Source): void {
    const before = this.current.source;
    const follow = (state: State) => (state.source === before ? { ...state, source } : state);
    this.past.splice(0, this.past.length, ...this.past.map(follow));
    this.future = this.future.map(follow);
    this.current = follow(this.current);
    this.typing = undefined;
  }

  private step(from: State[], to: State[]): void {
    const state = from.pop();
    if (!state) return;
    to.push(this.current);
    this.current = state;
    this.typing = undefined;
  }
}

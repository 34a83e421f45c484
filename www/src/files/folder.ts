/** The files of folders that are dropped, or chosen as a whole. Which of them can be read is left to the readers. */
import { isAccepted } from './accept';
import { LIMITS } from './limits';

/** Files that programs leave in folders: "~$report.docx" is a document that is open in Word. */
const LITTER = /^(\.|~\$)/;

/** Those of a folder's files that may be texts; the others were not chosen by name. */
export const texts = (files: readonly File[], accept: string): File[] =>
  files.filter(({ name }) => isAccepted(name, accept) && !LITTER.test(name));

/** Whether a folder is among what was dropped. Has to be asked while the drop is handled. */
export const hasFolder = (transfer: DataTransfer | null): boolean =>
  [...(transfer?.items ?? [])].some((item) => item.webkitGetAsEntry()?.isDirectory);

/** The files that were dropped, and those in the folders that were. Has to be called while the drop is handled. */
export async function dropped(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const files: File[] = [];
  for (const entry of entries) await collect(entry, files);
  return files;
}

async function collect(entry: FileSystemEntry, files: File[]): Promise<void> {
  if (files.length > LIMITS.files) return;
  if (entry.isFile) {
    const file = await new Promise<File | undefined>((resolve) => {
      (entry as FileSystemFileEntry).file(resolve, () => {
        resolve(undefined);
      });
    });
    if (file) files.push(file);
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A browser hands over the entries of a folder in parts, and an empty one at the end.
    const part = await new Promise<FileSystemEntry[]>((resolve) => {
      reader.readEntries(resolve, () => {
        resolve([]);
      });
    });
    if (part.length === 0) return;
    for (const inner of part) await collect(inner, files);
  }
}

/** Writes how long a session has lasted, as learning platforms want it. */

/** An ISO 8601 duration, with hundredths of a second, which is the most that the standards take. */
export function isoDuration(milliseconds: number): string {
  const { hours, minutes, seconds } = parts(milliseconds);
  return `PT${hours}H${minutes}M${seconds.toFixed(2)}S`;
}

/** SCORM 1.2's own form, HHHH:MM:SS.SS. */
export function timespan(milliseconds: number): string {
  const { hours, minutes, seconds } = parts(milliseconds);
  const pad = (value: string, width: number) => value.padStart(width, '0');
  return `${pad(String(Math.min(hours, 9999)), 4)}:${pad(String(minutes), 2)}:${pad(seconds.toFixed(2), 5)}`;
}

function parts(milliseconds: number) {
  const hundredths = Math.max(0, Math.round(milliseconds / 10));
  return {
    hours: Math.floor(hundredths / 360_000),
    minutes: Math.floor(hundredths / 6000) % 60,
    seconds: (hundredths % 6000) / 100,
  };
}

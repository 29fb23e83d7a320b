const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Below this, an age is told in the smaller unit: `47 h` says more than `1 d`. */
const AGE_UNITS = [
  { below: 2 * MINUTE, unit: "s", ms: SECOND },
  { below: 2 * HOUR, unit: "min", ms: MINUTE },
  { below: 2 * DAY, unit: "h", ms: HOUR },
] as const;

/**
 * Writes how long ago something was, in one unit: `5 s`, `12 min`, `7 h`, `21 d`. A clock that was set back makes it
 * `0 s`.
 */
export function formatAge(at: Date, now: Date): string {
  const age = Math.max(0, now.getTime() - at.getTime());
  const { unit, ms } = AGE_UNITS.find(({ below }) => age < below) ?? { unit: "d", ms: DAY };
  return `${Math.floor(age / ms)} ${unit}`;
}

/**
 * Writes a time span in its two largest units: `0.8 s`, `42 s`, `12 min 3 s`, `2 h 5 min`, `3 d 4 h`.
 *
 * @param durationMs 0 or more
 */
export function formatDuration(durationMs: number): string {
  if (durationMs < 10 * SECOND) return `${(Math.floor(durationMs / 100) / 10).toFixed(1)} s`;
  if (durationMs < MINUTE) return `${Math.floor(durationMs / SECOND)} s`;
  if (durationMs < HOUR) return twoUnits(durationMs, { ms: MINUTE, unit: "min" }, { ms: SECOND, unit: "s" });
  if (durationMs < DAY) return twoUnits(durationMs, { ms: HOUR, unit: "h" }, { ms: MINUTE, unit: "min" });
  return twoUnits(durationMs, { ms: DAY, unit: "d" }, { ms: HOUR, unit: "h" });
}

interface Unit {
  readonly ms: number;
  readonly unit: string;
}

function twoUnits(durationMs: number, large: Unit, small: Unit): string {
  const rest = Math.floor((durationMs % large.ms) / small.ms);
  const text = `${Math.floor(durationMs / large.ms)} ${large.unit}`;
  return rest === 0 ? text : `${text} ${rest} ${small.unit}`;
}

/** Writes a time to the minute, in the machine's time zone: `2026-11-22 02:00`. */
export function formatLocalTime(date: Date): string {
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join("-");
  return `${day} ${[date.getHours(), date.getMinutes()].map(twoDigits).join(":")}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

// How sizes, times and states are told.

const units = ["B", "kB", "MB", "GB", "TB"];

// 1234567 → "1.2 MB", as letters and messages say it
export function size(bytes) {
  let unit = 0;
  for (; bytes >= (unit ? 999.95 : 1000) && unit < units.length - 1; unit++) bytes /= 1000;
  return `${bytes.toFixed(unit ? 1 : 0)} ${units[unit]}`;
}

// 3725 → "1:02:05"
export function duration(seconds) {
  const whole = Math.round(seconds);
  const two = (number) => String(number).padStart(2, "0");
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

export function percent(part) {
  return `${Math.floor(part * 100)} %`;
}

export function moment(time) {
  return new Date(time).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
}

// "talk.mp4" → "talk.mp3", as the server calls it
export function mp3Name(name) {
  return `${name.replace(/(?<=.)\.[^.]*$/, "")}.mp3`;
}

// The house writes its sentences small and without a full stop.
export function sentence(detail) {
  return detail.charAt(0).toUpperCase() + detail.slice(1) + (/[.!?]$/.test(detail) ? "" : ".");
}

export function presetName(options) {
  const preset = options.preset ?? "standard";
  const parts = [preset.charAt(0).toUpperCase() + preset.slice(1)];
  if (options.normalize !== undefined) parts.push("even loudness");
  if (options.mono) parts.push("mono");
  return parts.join(", ");
}

// Numbers as they are read: prefixes of units, colours.

const prefixes = [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"], [1, ""], [1e-3, "m"], [1e-6, "µ"], [1e-9, "n"], [1e-12, "p"], [1e-15, "f"], [1e-18, "a"]];
const takesPrefix = (unit) => unit !== "" && unit !== "dB" && unit !== "°";

export function prefixOf(largest, unit) {
  if (!takesPrefix(unit) || !(largest > 0)) return [1, ""];
  return prefixes.find(([factor]) => largest >= factor * (1 - 1e-9)) ?? prefixes.at(-1);
}

export function text(value, unit = "", digits = 4) {
  if (value === undefined || Number.isNaN(value)) return "–";
  const [factor, letter] = prefixOf(Math.abs(value), unit);
  const number = Number((value / factor).toPrecision(digits));
  const small = number !== 0 && (Math.abs(number) >= 1e6 || Math.abs(number) < 1e-4);
  const shown = small ? number.toExponential(digits - 1) : String(number);
  return (unit || letter ? `${shown} ${letter}${unit}` : shown).replace("-", "−").trim();
}

export function axisTitle(name, unit, largest) {
  if (!unit) return name;
  return `${name} / ${prefixOf(largest, unit)[1]}${unit}`;
}

export const palette = ["#1f77c4", "#d9642c", "#3a9a50", "#9560b8", "#b08d1e", "#1f9aa8", "#c9507f", "#7d7d7d"];

// Dark blue to yellow by way of green: told apart in grey too.
const ramp = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];
export function rampColour(part) {
  const at = Math.min(Math.max(part, 0), 1) * (ramp.length - 1);
  const below = Math.min(Math.floor(at), ramp.length - 2);
  const mix = (i) => Math.round(ramp[below][i] + (ramp[below + 1][i] - ramp[below][i]) * (at - below));
  return `rgb(${mix(0)},${mix(1)},${mix(2)})`;
}
/** Of curve i of so many: neither as dark nor as bright as what is behind them. */
export function curveColour(i, count, dark) {
  if (count <= palette.length) return palette[i];
  const part = i / (count - 1);
  return rampColour(dark ? 0.3 + 0.7 * part : 0.88 * part);
}

/** A pattern with * and ? as a regular expression; without one: what contains the text. */
export function matcher(pattern) {
  const wanted = pattern.trim().toLowerCase();
  if (!/[*?]/.test(wanted)) return (name) => name.includes(wanted);
  const source = wanted.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".");
  const expression = new RegExp(`^${source}$`);
  return (name) => expression.test(name);
}

/** About `most` round values from low to high. */
export function ticks(low, high, most) {
  const rough = (high - low) / most;
  if (!(rough > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((nice) => nice * power).find((nice) => nice >= rough * (1 - 1e-9));
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; ++k) found.push(Number((k * step).toPrecision(12)));
  return found;
}

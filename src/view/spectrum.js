// The spectrum of a stretch of a curve: even samples, a Hann window, a fast Fourier transform.
import { lowerBound } from "./pyramid.js";

/** In place, of a power of two numbers. */
export function transform(real, imaginary) {
  const n = real.length;
  for (let i = 1, j = 0; i < n; ++i) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [real[i], real[j]] = [real[j], real[i]];
      [imaginary[i], imaginary[j]] = [imaginary[j], imaginary[i]];
    }
  }
  for (let length = 2; length <= n; length <<= 1) {
    const half = length >> 1;
    for (let k = 0; k < half; ++k) {
      const angle = (-2 * Math.PI * k) / length, c = Math.cos(angle), s = Math.sin(angle);
      for (let i = k; i < n; i += length) {
        const re = real[i + half] * c - imaginary[i + half] * s, im = real[i + half] * s + imaginary[i + half] * c;
        real[i + half] = real[i] - re;
        imaginary[i + half] = imaginary[i] - im;
        real[i] += re;
        imaginary[i] += im;
      }
    }
  }
}

/** Amplitudes in decibels of one unit at the frequencies 1/T, 2/T …; null where there are too few rows. */
export function spectrum(scale, values, begin, end, from, to) {
  const first = Math.max(from, scale[begin]), last = Math.min(to, scale[end - 1]);
  const rows = lowerBound(scale, last, begin, end) - lowerBound(scale, first, begin, end);
  if (!(last > first) || rows < 8) return null;
  const n = 2 ** Math.min(18, Math.max(8, Math.ceil(Math.log2(rows))));
  const real = new Float64Array(n), imaginary = new Float64Array(n);
  let mean = 0, row = lowerBound(scale, first, begin, end);
  for (let i = 0; i < n; ++i) {
    const at = first + ((last - first) * i) / n;
    while (row < end - 1 && scale[row] < at) ++row;
    const below = Math.max(begin, row - 1), width = scale[row] - scale[below];
    real[i] = width > 0 ? values[below] + ((values[row] - values[below]) * (at - scale[below])) / width : values[row];
    mean += real[i] / n;
  }
  for (let i = 0; i < n; ++i) real[i] = (real[i] - mean) * (1 - Math.cos((2 * Math.PI * i) / n));
  transform(real, imaginary);
  const count = n / 2 - 1, frequencies = new Float64Array(count), decibels = new Float64Array(count);
  for (let i = 1; i <= count; ++i) {
    frequencies[i - 1] = i / (last - first);
    decibels[i - 1] = Math.max(-300, 20 * Math.log10((2 * Math.hypot(real[i], imaginary[i])) / n));
  }
  return { frequencies, decibels };
}

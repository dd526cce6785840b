// What memspice wrote into the page: a description as JSON, and numbers in base64.

function decode(elements, size) {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const element of elements) {
    const text = atob(element.textContent.trim());
    for (let i = 0; i < text.length; ++i) bytes[at++] = text.charCodeAt(i);
    element.remove();
  }
  if (at !== size) throw new Error(`the page holds ${at} of ${size} bytes of data`);
  return bytes.buffer;
}

export class Plot {
  constructor(description, buffer) {
    Object.assign(this, description);
    this.columns = [];
    this.index = new Map();
    let offset = 0;
    const column = (bytes) => {
      const from = offset;
      offset += bytes * this.rows;
      return bytes === 8 ? new Float64Array(buffer.slice(from, offset)) : new Float32Array(buffer.slice(from, offset));
    };
    this.vectors.forEach((vector, i) => {
      this.index.set(vector.name, i);
      const real = column(vector.bytes);
      this.columns.push(real);
      if (vector.complex) vector.imaginary = column(vector.bytes);
    });
  }
  /** Values to be drawn: the magnitude in decibels of what is complex. */
  values(i) {
    const vector = this.vectors[i];
    if (!vector.complex) return this.columns[i];
    if (!vector.decibels) {
      const real = this.columns[i], imaginary = vector.imaginary;
      vector.decibels = real.map((value, k) => 20 * Math.log10(Math.hypot(value, imaginary[k])));
    }
    return vector.decibels;
  }
  unit(i) {
    return this.vectors[i].complex ? "dB" : this.vectors[i].unit;
  }
  get scale() {
    if (this.scaleIndex === null) {
      this.rowNumbers ??= Float64Array.from({ length: this.rows }, (_, i) => i + 1);
      return this.rowNumbers;
    }
    return this.columns[this.scaleIndex];
  }
  get scaleName() {
    return this.scaleIndex === null ? "row" : this.vectors[this.scaleIndex].name;
  }
  get scaleUnit() {
    return this.scaleIndex === null ? "" : this.vectors[this.scaleIndex].unit;
  }
  get logScale() {
    return this.scaleUnit === "Hz" && this.scale.length > 1 && this.scale[0] > 0;
  }
}

export function readData(root = document) {
  const info = JSON.parse(root.getElementById("memspice-info").textContent);
  info.plots = info.plots.map((plot, i) => new Plot(plot, decode(root.querySelectorAll(`script[data-plot="${i}"]`), plot.size)));
  return info;
}

// Smallest and largest values of long columns over any range of rows, in logarithmic time.

const base = 16;

export class Pyramid {
  constructor(values) {
    this.values = values;
    this.levels = [];
    let low = values, high = values;
    while (low.length > base) {
      const count = Math.ceil(low.length / base);
      const nextLow = new Float64Array(count), nextHigh = new Float64Array(count);
      for (let i = 0; i < count; ++i) {
        let smallest = Infinity, largest = -Infinity;
        const end = Math.min(low.length, (i + 1) * base);
        for (let k = i * base; k < end; ++k) {
          if (low[k] < smallest) smallest = low[k];
          if (high[k] > largest) largest = high[k];
        }
        nextLow[i] = smallest;
        nextHigh[i] = largest;
      }
      this.levels.push({ low: nextLow, high: nextHigh });
      low = nextLow;
      high = nextHigh;
    }
  }
  /** [smallest, largest] of rows [begin, end). */
  range(begin, end) {
    let smallest = Infinity, largest = -Infinity;
    const look = (low, high, from, to) => {
      for (let k = from; k < to; ++k) {
        if (low[k] < smallest) smallest = low[k];
        if (high[k] > largest) largest = high[k];
      }
    };
    let low = this.values, high = this.values, level = 0;
    while (end - begin > 2 * base && level < this.levels.length) {
      const first = Math.ceil(begin / base), last = Math.floor(end / base);
      look(low, high, begin, first * base);
      look(low, high, last * base, end);
      begin = first;
      end = last;
      ({ low, high } = this.levels[level++]);
    }
    look(low, high, begin, end);
    return [smallest, largest];
  }
}

/** First row in [begin, end) whose scale is not below x; the scale ascends. */
export function lowerBound(scale, x, begin, end) {
  while (begin < end) {
    const middle = (begin + end) >> 1;
    if (scale[middle] < x) begin = middle + 1;
    else end = middle;
  }
  return begin;
}

/** The value at x on straight lines between rows; NaN outside. */
export function interpolate(scale, values, x, begin, end) {
  const above = lowerBound(scale, x, begin, end);
  if (above === end || end === begin) return NaN;
  if (scale[above] === x) return values[above];
  if (above === begin) return NaN;
  const part = (x - scale[above - 1]) / (scale[above] - scale[above - 1]);
  return values[above - 1] + part * (values[above] - values[above - 1]);
}

/** Two places a column of pixels between low and high, evenly, or evenly in their logarithms. */
export function columnPlaces(low, high, columns, log) {
  const places = new Float64Array(2 * columns);
  for (let i = 0; i < 2 * columns; ++i) {
    const part = (i + 0.5) / (2 * columns);
    places[i] = log ? low * (high / low) ** part : low + (high - low) * part;
  }
  places[0] = low;
  places[2 * columns - 1] = high;
  return places;
}

// Of few rows: there the line itself is smoother than its extremes.
function isMonotonic(values, first, last) {
  if (last - first > 16) return false;
  let up = true, down = true;
  for (let k = first + 1; k < last; ++k) {
    up &&= values[k] >= values[k - 1];
    down &&= values[k] <= values[k - 1];
  }
  return up || down;
}

/** What a curve is at these places: the extremes of a column that has rows, else a point of the line between. */
export function columnValues(scale, pyramid, places, begin, end) {
  const values = pyramid.values, result = new Array(places.length);
  for (let i = 0; i < places.length; i += 2) {
    const left = i === 0 ? places[0] : 0.5 * (places[i - 1] + places[i]);
    const right = i + 2 >= places.length ? places[i + 1] : 0.5 * (places[i + 1] + places[i + 2]);
    const first = lowerBound(scale, left, begin, end), last = lowerBound(scale, right, first, end);
    if (last - first < 2 || isMonotonic(values, first, last)) {
      for (const k of [i, i + 1]) {
        const value = interpolate(scale, values, places[k], begin, end);
        result[k] = Number.isFinite(value) ? value : null;
      }
    } else {
      const [smallest, largest] = pyramid.range(first, last);
      const rising = values[first] <= values[last - 1];
      result[i] = rising ? smallest : largest;
      result[i + 1] = rising ? largest : smallest;
    }
  }
  return result;
}

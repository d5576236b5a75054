// The tree over federation records of PROTOCOL.md section 12.2, for as few authors as a test has.
import { H } from './vizinho.mjs';
import { COVERAGE, PARTNERS } from './records.mjs';

const BUCKETS = 2048, TAIL_MAX = 8191, CUTS = 8, HASH = 16, ROWS = 4, CELLS = 4096, CELL = 10;
export const CELLS_FIRST = 48;
const SETS = [[2, 3, PARTNERS, COVERAGE], [1, 4]];

export const hourOf = (ms, times) => Math.floor(ms / (6 * times.repair_ms));
export const itemOf = (r) => H('vizinho/item', r.author, r.type, r.slot, r.seq, r.id);
export const randomCut = () => Math.floor(Math.random() * CUTS);

const bucketOf = (id) => id.readUInt16BE(0) >> 5;
const tailOf = (id) => id.readUInt16BE(1) & TAIL_MAX;
const piece = (hash, cut) => hash.subarray(2 * cut, 2 * cut + 2);

const u64 = (n) => BigInt.asUintN(64, n);

function mix(mark) {
  let x = u64(mark + 0x9e3779b97f4a7c15n);
  x = u64((x ^ x >> 30n) * 0xbf58476d1ce4e5b9n);
  x = u64((x ^ x >> 27n) * 0x94d049bb133111ebn);
  return x ^ x >> 31n;
}

// The mark of what is held at a place.
function markOf(r) {
  const prefix = BigInt(r.author.readUIntBE(0, 3)), age = BigInt(Math.floor(r.seq / 2 ** 24) % 65536);
  return prefix << 40n | BigInt(r.type) << 37n | BigInt(r.slot) << 31n | age << 15n | BigInt(itemOf(r).readUInt16BE(0) >> 1);
}

const cellOf = (mixed, row, cells) => row * cells + Math.floor(Number(mixed >> BigInt(12 * row) & 4095n) * cells / CELLS);

// Adds a mark to a sketch with so many cells in a row, or takes it out.
function toggle(sketch, mark, cells) {
  const mixed = mix(mark), cell = Buffer.alloc(CELL);
  cell.writeBigUInt64BE(mark);
  cell.writeUInt16BE(Number(mixed >> 48n | 1n), 8);
  for (let row = 0; row < ROWS; row++) {
    const at = CELL * cellOf(mixed, row, cells);
    for (let i = 0; i < CELL; i++) sketch[at + i] ^= cell[i];
  }
}

// The mark that stands alone in a cell, as it seems; null: none does.
function alone(sketch, at, cells) {
  const mark = sketch.readBigUInt64BE(at * CELL), mixed = mix(mark);
  return sketch.readUInt16BE(at * CELL + 8) === Number(mixed >> 48n | 1n) &&
    cellOf(mixed, Math.floor(at / cells), cells) === at ? mark : null;
}

// All marks of a sketch; null: they cannot all be read.
function read(sketch, cells) {
  const found = [];
  for (let again = true; again && found.length <= ROWS * cells;) {
    again = false;
    for (let at = 0; at < ROWS * cells; at++) {
      const mark = alone(sketch, at, cells);
      if (mark === null) continue;
      found.push(mark);
      toggle(sketch, mark, cells);
      again = true;
    }
  }
  return sketch.some((x) => x !== 0) ? null : found;
}

export class Tree {
  // The records are ascending by place.
  constructor(records) {
    this.authors = new Map();
    for (const r of records) {
      const key = r.author.toString('hex');
      if (!this.authors.has(key)) this.authors.set(key, { id: r.author, records: [] });
      this.authors.get(key).records.push(r);
    }
    for (const a of this.authors.values())
      a.sets = SETS.map((types, i) => H('vizinho/author-items', a.id, i + 1,
        ...a.records.filter((r) => types.includes(r.type)).map(itemOf)));
    this.buckets = Array.from({ length: BUCKETS }, (_, b) => H('vizinho/tree', b,
      ...this.in(b).flatMap((a) => [a.id, ...a.sets])).subarray(0, HASH));
  }

  in(bucket) { return [...this.authors.values()].filter((a) => bucketOf(a.id) === bucket); }

  root(hour) { return H('vizinho/tree-root', hour, Buffer.concat(this.buckets)); }

  pieces(cut) { return Buffer.from(this.buckets.map((h) => h[cut])); }

  records() { return [...this.authors.values()].flatMap((a) => a.records); }

  sketch(cells) {
    const sketch = Buffer.alloc(ROWS * cells * CELL);
    for (const r of this.records()) toggle(sketch, markOf(r), cells);
    return sketch;
  }

  parities() {
    const sketch = this.sketch(CELLS), out = Buffer.alloc(CELLS / 8);
    for (let i = 0; i < CELLS; i++) out[i >> 3] |= (sketch[i * CELL + 9] & 1) << (i & 7);
    return out;
  }

  // The elements of BUCKETS behind hour and cut.
  answerTree(cut, cells) { return [true, this.pieces(cut), this.parities(), this.sketch(cells)]; }

  // What the sketch of the other one shows, as merge() gives it; null: lists have to show it. So it is when it
  // shows an author that one of both lacks.
  differ(theirs) {
    const cells = theirs.length / ROWS / CELL, own = this.sketch(cells);
    const marks = read(own.map((x, i) => x ^ theirs[i]), cells);
    if (!cells || !marks || !marks.length) return null;
    const ours = new Map(this.records().map((r) => [markOf(r), r])), want = [], push = [];
    for (const mark of marks) {
      const prefix = Number(mark >> 40n), place = [Number(mark >> 37n & 7n), Number(mark >> 31n & 63n)];
      const author = [...this.authors.values()].find((a) => a.id.readUIntBE(0, 3) === prefix);
      if (!author || (place[0] === 1 && marks.filter((m) => m >> 31n === mark >> 31n).length === 1)) return null;
      if (ours.has(mark)) push.push(ours.get(mark));
      else want.push([author.id.subarray(0, 3), ...place]);
    }
    return { want, push };
  }

  // The lists of BUCKET for the buckets that differ.
  lists(pieces, cut) {
    const differs = [...this.buckets.keys()].filter((b) => pieces[b] !== this.buckets[b][cut]);
    return differs.map((b) => [b, 0, TAIL_MAX, Buffer.concat(this.in(b).map((a) => this.entry(a, cut)))]);
  }

  entry(a, cut) {
    const tail = Buffer.alloc(2);
    tail.writeUInt16BE(tailOf(a.id));
    return Buffer.concat([tail, ...a.sets.map((s) => piece(s, cut))]);
  }

  // The authors of AUTHOR, in answer to a list.
  answer([bucket, from, to, entries], cut) {
    const theirs = new Map(), out = [];
    for (let i = 0; i < entries.length; i += 6) theirs.set(entries.readUInt16BE(i), entries.subarray(i, i + 6));
    for (const a of this.in(bucket)) {
      const tail = tailOf(a.id), mine = this.entry(a, cut), their = theirs.get(tail);
      if (tail < from || tail > to) continue;
      theirs.delete(tail);
      if (!their) out.push([a.id, 0, Buffer.alloc(0)]);
      else if (!their.equals(mine)) {
        const sets = [0, 1].filter((s) => !their.subarray(2 + 2 * s, 4 + 2 * s).equals(mine.subarray(2 + 2 * s, 4 + 2 * s)));
        out.push([a.id.subarray(0, 3), sets.reduce((n, s) => n | 1 << s, 0), this.items(a, sets, cut)]);
      }
    }
    for (const tail of theirs.keys())
      out.push([Buffer.from([bucket >> 3, (bucket & 7) << 5 | tail >> 8, tail & 255]), 0, Buffer.alloc(0)]);
    return out;
  }

  items(a, sets, cut) {
    const types = sets.flatMap((s) => SETS[s]);
    return Buffer.concat(a.records.filter((r) => types.includes(r.type)).map((r) => {
      const head = Buffer.from([r.type, r.slot, 0, 0]);
      head.writeUInt16BE(Math.floor(r.seq / 2 ** 24) % 65536, 2);
      return Buffer.concat([head, itemOf(r).subarray(3 * cut, 3 * cut + 3)]);
    }));
  }

  // What an author of AUTHOR shows: the places to ask for, and the records that the other lacks.
  merge([id, sets, items], cut) {
    const a = [...this.authors.values()].find((x) => x.id.subarray(0, id.length).equals(id));
    if (!a) return { want: id.length === 32 ? [[id, 0, 0], [id, 0, 1]] : [], push: [] };
    if (sets === 0) return { want: [], push: id.length === 3 ? a.records : [] };
    const theirs = new Map(), want = [], push = [];
    for (let i = 0; i < items.length; i += 7) theirs.set(`${items[i]}/${items[i + 1]}`, items.subarray(i, i + 7));
    const types = [0, 1].filter((s) => sets & 1 << s).flatMap((s) => SETS[s]);
    for (const r of a.records.filter((x) => types.includes(x.type))) {
      const key = `${r.type}/${r.slot}`, their = theirs.get(key);
      theirs.delete(key);
      if (their && their.equals(this.items({ records: [r] }, [0, 1], cut))) continue;
      if (their) want.push([a.id, r.type, r.slot]);
      push.push(r);
    }
    for (const their of theirs.values()) want.push([a.id, their[0], their[1]]);
    return { want, push };
  }
}

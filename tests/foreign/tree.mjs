// The tree over federation records of PROTOCOL.md section 12.2, for as few authors as a test has.
import { H } from './vizinho.mjs';
import { COVERAGE, PARTNERS } from './records.mjs';

const BUCKETS = 2048, TAIL_MAX = 8191, CUTS = 8, HASH = 16;
const SETS = [[2, 3, PARTNERS, COVERAGE], [1, 4]];

export const hourOf = (ms, times) => Math.floor(ms / (6 * times.repair_ms));
export const itemOf = (r) => H('vizinho/item', r.author, r.type, r.slot, r.seq, r.id);
export const randomCut = () => Math.floor(Math.random() * CUTS);

const bucketOf = (id) => id.readUInt16BE(0) >> 5;
const tailOf = (id) => id.readUInt16BE(1) & TAIL_MAX;
const piece = (hash, cut) => hash.subarray(2 * cut, 2 * cut + 2);

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

  pieces(cut) { return Buffer.concat(this.buckets.map((h) => piece(h, cut))); }

  // The lists of BUCKET for the buckets that differ.
  lists(pieces, cut) {
    const differs = [...this.buckets.keys()].filter((b) => !pieces.subarray(2 * b, 2 * b + 2).equals(piece(this.buckets[b], cut)));
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

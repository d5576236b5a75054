"""The tree of repair: PROTOCOL.md section 12.2."""
from primitives import h, u64

CUT = 3
SETS = ((2, 3, 5, 6), (1, 4))  # SUCCESSION, REVOCATION, PARTNERS, COVERAGE; NODE, VOUCH


def bits_of(author):
    """The bucket of an author, and its tail."""
    return int.from_bytes(author[:2], 'big') >> 5, int.from_bytes(author[1:3], 'big') & 8191


def author_sets(author, records):
    return [h('vizinho/author-items', author, u64(i + 1), *[r.item() for r in records if r.type in types])
            for i, types in enumerate(SETS)]


def tree_entry(author, sets):
    return bits_of(author)[1].to_bytes(2, 'big') + b''.join(x[2 * CUT:2 * CUT + 2] for x in sets)


def tree_items(records):
    return b''.join(bytes([r.type, r.slot]) + (r.seq >> 24 & 0xffff).to_bytes(2, 'big') +
                    r.item()[3 * CUT:3 * CUT + 3] for r in records)


def mark_of(record):
    """The mark of a record's item in the sketch."""
    return (int.from_bytes(record.author.id[:3], 'big') << 40 | record.type << 37 | record.slot << 31 |
            (record.seq >> 24 & 0xffff) << 15 | int.from_bytes(record.item()[:2], 'big') >> 1)


def mix(mark):
    x = (mark + 0x9e3779b97f4a7c15) % 2 ** 64
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9 % 2 ** 64
    x = (x ^ x >> 27) * 0x94d049bb133111eb % 2 ** 64
    return x ^ x >> 31


def rows_of(mark, cells):
    """In which cell of each row the mark stands."""
    return [(mix(mark) >> 12 * r) % 4096 * cells // 4096 for r in range(4)]


def sketch_of(marks, cells):
    sketch = [[(0, 0)] * cells for _ in range(4)]
    for mark in marks:
        for row, at in zip(sketch, rows_of(mark, cells)):
            row[at] = (row[at][0] ^ mark, row[at][1] ^ (mix(mark) >> 48 | 1))
    return b''.join(m.to_bytes(8, 'big') + c.to_bytes(2, 'big') for row in sketch for m, c in row)


def parities_of(marks):
    bits = sum(1 << i for i, n in enumerate(sketch_of(marks, 4096)[9:40960:10]) if n & 1)
    return bits.to_bytes(512, 'little')


def sketch_vector(records):
    """Sketches of a few records, of many marks, and how many marks the parities of these tell."""
    marks = [mark_of(r) for r in records]
    many = [mix(i) for i in range(3000)]
    return {'marks': [{'record': r.signed.hex(), 'mark': '%016x' % m, 'rows': rows_of(m, 4096),
                       'rows_of_1000': rows_of(m, 1000), 'check': mix(m) >> 48 | 1} for r, m in zip(records, marks)],
            'sketches': [{'cells': n, 'sketch': sketch_of(marks, n).hex()} for n in (1, 7)],
            'parities': h('parities', parities_of(marks)).hex(),
            'many': [{'cells': n, 'hash': h('sketch', sketch_of(many, n)).hex()} for n in (48, 1111, 1400)],
            'many_parities': h('parities', parities_of(many)).hex()}


def tree_of(records, hour):
    """The authors with their records by place and both hashes, the hashes of all buckets, the root."""
    authors = []
    for author in sorted({r.author.id for r in records}):
        own = sorted((r for r in records if r.author.id == author), key=lambda r: (r.type, r.slot))
        authors.append((author, own, author_sets(author, own)))
    hashes = [h('vizinho/tree', u64(b), *[part for author, _, sets in authors if bits_of(author)[0] == b
                                          for part in (author, *sets)])[:16] for b in range(2048)]
    return authors, hashes, h('vizinho/tree-root', u64(hour), b''.join(hashes))


def tree_vector(records, hour):
    authors, hashes, root = tree_of(records, hour)
    return {'hour': hour, 'cut': CUT, 'root': root.hex(), 'empty_bucket_0': h('vizinho/tree', u64(0))[:16].hex(),
            'authors': [{'author': author.hex(), 'bucket': bits_of(author)[0], 'tail': bits_of(author)[1],
                         'records': [r.signed.hex() for r in own], 'sets': [x.hex() for x in sets],
                         'bucket_hash': hashes[bits_of(author)[0]].hex(),
                         'entry': tree_entry(author, sets).hex(), 'items': tree_items(own).hex()}
                        for author, own, sets in authors]}


def tree_messages(records, hour):
    authors, hashes, root = tree_of(records, hour)
    author, own, sets = authors[0]
    pieces = bytes(x[CUT] for x in hashes)
    marks = [mark_of(r) for r in records]
    lists = [[bits_of(author)[0], 0, 8191, tree_entry(author, sets)], [17, 5, 600, b'']]
    return [
        ('TREE', [18, hour, CUT, root, 48]), ('TREE for lists', [18, hour, CUT, root, 0]),
        ('TREE for many', [18, hour, CUT, root, 1400]),
        ('BUCKETS', [19, hour, CUT, True, pieces, parities_of(marks), sketch_of(marks, 48)]),
        ('BUCKETS without sketch', [19, hour, CUT, False, pieces, parities_of(marks), b'']),
        ('BUCKET', [20, hour, CUT, lists]),
        ('BUCKET with two that begin alike', [20, hour, 7, [[2047, 0, 8191, bytes(6) + bytes(5) + b'\1']]]),
        ('AUTHOR', [21, hour, CUT, True, [[author[:3], 3, tree_items(own)], [author[:3], 0, b''],
                                          [author, 0, b''], [author, 2, b'']]]),
        ('AUTHOR with none', [21, hour, CUT, False, []]),
        ('WANT of all', [4, [[author, 0, 0], [author, 0, 1]]]),
        ('WANT of prefixes', [4, [[author[:3], 1, 0], [author, 6, 63], [bytes(3), 5, 0]]]),
    ]

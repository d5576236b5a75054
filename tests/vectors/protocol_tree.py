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
    lists = [[bits_of(author)[0], 0, 8191, tree_entry(author, sets)], [17, 5, 600, b'']]
    return [
        ('TREE', [18, hour, CUT, root]),
        ('BUCKETS', [19, hour, CUT, b''.join(x[2 * CUT:2 * CUT + 2] for x in hashes)]),
        ('BUCKET', [20, hour, CUT, lists]),
        ('BUCKET with two that begin alike', [20, hour, 7, [[2047, 0, 8191, bytes(6) + bytes(5) + b'\1']]]),
        ('AUTHOR', [21, hour, CUT, True, [[author[:3], 3, tree_items(own)], [author[:3], 0, b''],
                                          [author, 0, b''], [author, 2, b'']]]),
        ('AUTHOR with none', [21, hour, CUT, False, []]),
        ('WANT of all', [4, [[author, 0, 0], [author, 0, 1]]]),
    ]

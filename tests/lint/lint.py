#!/usr/bin/env python3
"""lint.py NAME ROOT [LIBRARY...]: runs one lint of the tree. Exit status: 0 in order, 1 with complaints, 77 skipped."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import contract  # noqa: E402
import floors  # noqa: E402
import languages  # noqa: E402
import layers  # noqa: E402
import lowest  # noqa: E402
import operations  # noqa: E402
import tree  # noqa: E402

LINTS = {
    'include-graph': layers.include_graph, 'limits': contract.limits, 'times': contract.times,
    'types': contract.types, 'domains': contract.domains, 'meta': contract.meta, 'counts': contract.counts,
    'refusals': contract.refusals, 'texts': contract.texts, 'events': contract.kinds_of_events, 'lowest': lowest.lowest,
    'operations': operations.operations,
    'top-level': tree.top_level, 'lengths': tree.lengths,
    'traces': tree.traces, 'defaults': tree.defaults, 'layout': tree.layout, 'languages': languages.languages,
}
OF_LIBRARIES = {
    'symbols': layers.symbols, 'circles': floors.circles_of, 'names': floors.names_of,
    'floors': lambda libraries: floors.floors(*libraries), 'closed': lambda libraries: floors.closed(*libraries),
}


def main():
    name, root, libraries = sys.argv[1], sys.argv[2], sys.argv[3:]
    bad = OF_LIBRARIES[name](libraries) if name in OF_LIBRARIES else LINTS[name](root)
    if bad is None:
        print('skipped: clang-format 14 is not there')
        return 77
    for complaint in bad:
        print(complaint)
    print('%s: %s' % (name, '%d complaints' % len(bad) if bad else 'in order'))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())

/* What the files of the page reader share. All numbers are of this machine, as LMDB writes them. */
#ifndef VIZ_STORE_PAGES_INSIDE_H
#define VIZ_STORE_PAGES_INSIDE_H

#include "store/pages.h"

#define VIZ_PAGES_NONE   UINT64_MAX /* the root of an empty tree */
#define VIZ_PAGES_BRANCH 1
#define VIZ_PAGES_LEAF   2
#define VIZ_PAGES_LARGE  4 /* values that do not fit in a leaf */
#define VIZ_PAGES_META   8
#define VIZ_PAGES_HEAD   16 /* bytes before the offsets of the nodes, or before the data */
#define VIZ_NODE_HEAD    8  /* bytes before the key */
#define VIZ_NODE_LARGE   1
#define VIZ_NODE_TABLE   2
#define VIZ_TREE_NUMBERS 8 /* keys are numbers */

#define VIZ_TREE_DEPTH_MAX 20
#define VIZ_TREE_KEY_MAX   511

/* Where a tree begins, and what it should have. */
struct viz_tree {
	uint16_t flags;
	uint16_t depth;
	uint64_t branch_pages, leaf_pages, large_pages, entries, root;
};
#define VIZ_TREE_BYTES 48

struct viz_pages {
	const uint8_t *bytes;
	uint64_t size; /* of the file */
	size_t page;   /* bytes */
	uint64_t last; /* the last page that is used, or was */
	uint8_t *seen; /* a bit for each page */
};

struct viz_node {
	struct viz_slice key, value;
	uint64_t child; /* of a branch */
	bool table;     /* the value is a struct viz_tree */
};

/* A walk over one tree. */
struct viz_tree_walk {
	struct viz_pages *p;
	const struct viz_tree *tree;
	int (*leaf)(void *arg, const struct viz_node *node); /* an error ends the walk */
	void *arg;
	uint32_t bad; /* pages and nodes */
	struct viz_tree found;
	bool free_list;        /* LMDB may leave one node in a branch of this one */
	struct viz_slice last; /* the key before; p is NULL: none */
	struct viz_slice from; /* the next key is not below this one; p is NULL: any */
};

/* Page n, once: false when it is none of the store, or was taken before. */
bool viz_pages_tree_take_number(struct viz_pages *p, uint64_t n);
/* Whether page n has the head of a leaf and was not taken. */
bool viz_pages_tree_is_leaf(const struct viz_pages *p, uint64_t n);
/* Page n, once: NULL when it is none of the file, or was given before. */
const uint8_t *viz_pages_tree_take(struct viz_pages *p, uint64_t n);
void viz_pages_tree_read(struct viz_tree *out, const uint8_t bytes[VIZ_TREE_BYTES]);
/* All nodes of the leaves that can be read, in order. What is wrong is counted in `bad`. Returns
 * what `leaf` has returned. */
int viz_pages_tree_walk(struct viz_tree_walk *w);

#endif

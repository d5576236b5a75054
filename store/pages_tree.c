/* One tree of pages. */
#include "store/pages_inside.h"

static uint16_t u16(const uint8_t *p)
{
	uint16_t x;

	memcpy(&x, p, sizeof x);
	return x;
}

static uint32_t u32(const uint8_t *p)
{
	uint32_t x;

	memcpy(&x, p, sizeof x);
	return x;
}

static uint64_t u64(const uint8_t *p)
{
	uint64_t x;

	memcpy(&x, p, sizeof x);
	return x;
}

void viz_pages_tree_read(struct viz_tree *out, const uint8_t bytes[VIZ_TREE_BYTES])
{
	*out = (struct viz_tree){.flags = u16(bytes + 4),
				 .depth = u16(bytes + 6),
				 .branch_pages = u64(bytes + 8),
				 .leaf_pages = u64(bytes + 16),
				 .large_pages = u64(bytes + 24),
				 .entries = u64(bytes + 32),
				 .root = u64(bytes + 40)};
}

bool viz_pages_tree_take_number(struct viz_pages *p, uint64_t n)
{
	if (n < 2 || n > p->last || p->seen[n / 8] & 1u << n % 8)
		return false;
	p->seen[n / 8] |= (uint8_t)(1u << n % 8);
	return true;
}

const uint8_t *viz_pages_tree_take(struct viz_pages *p, uint64_t n)
{
	if (!viz_pages_tree_take_number(p, n) || (n + 1) * p->page > p->size)
		return NULL;
	return p->bytes + n * p->page;
}

bool viz_pages_tree_is_leaf(const struct viz_pages *p, uint64_t n)
{
	const uint8_t *page = p->bytes + n * p->page;

	return (n + 1) * p->page <= p->size && !(p->seen[n / 8] & 1u << n % 8) && u64(page) == n &&
	       u16(page + 10) == VIZ_PAGES_LEAF;
}

static int compare(const struct viz_tree_walk *w, const struct viz_slice *a,
		   const struct viz_slice *b)
{
	size_t n = a->len < b->len ? a->len : b->len;
	int order;

	if (w->tree->flags & VIZ_TREE_NUMBERS && a->len == 8 && b->len == 8) {
		uint64_t x = u64(a->p), y = u64(b->p);

		return x < y ? -1 : x > y;
	}
	order = n ? memcmp(a->p, b->p, n) : 0;
	return order ? order : (a->len > b->len) - (a->len < b->len);
}

/* The value of a node that has pages of its own. */
static bool read_large(struct viz_tree_walk *w, struct viz_slice *value, uint64_t n)
{
	struct viz_pages *p = w->p;
	uint64_t pages = (VIZ_PAGES_HEAD - 1 + value->len) / p->page + 1;
	const uint8_t *page = viz_pages_tree_take(p, n);
	uint64_t has;

	if (!page || u64(page) != n || u16(page + 10) != VIZ_PAGES_LARGE)
		return false;
	has = u32(page + 12);
	if (has < pages || (n + has) * p->page > p->size)
		return false;
	for (uint64_t i = 1; i < has; i++)
		if (!viz_pages_tree_take_number(p, n + i))
			return false;
	w->found.large_pages += has;
	value->p = page + VIZ_PAGES_HEAD;
	return true;
}

/* The node at this offset. *bytes: of the page. */
static bool read_node(struct viz_tree_walk *w, struct viz_node *out, size_t *bytes,
		      const uint8_t *page, size_t at, bool branch)
{
	size_t end = w->p->page, key_len;
	uint16_t flags;
	const uint8_t *node = page + at;

	if (at + VIZ_NODE_HEAD > end || at % 2 != 0)
		return false;
	flags = u16(node + 4);
	key_len = u16(node + 6);
	*bytes = VIZ_NODE_HEAD + key_len;
	if (key_len > VIZ_TREE_KEY_MAX || (key_len == 0 && !branch) || at + *bytes > end)
		return false;
	*out = (struct viz_node){.key = {node + VIZ_NODE_HEAD, key_len}};
	if (branch) {
		out->child =
		    (uint64_t)u16(node) | (uint64_t)u16(node + 2) << 16 | (uint64_t)flags << 32;
	} else {
		out->value.len = u32(node);
		out->table = flags & VIZ_NODE_TABLE;
		*bytes += flags & VIZ_NODE_LARGE ? 8 : out->value.len;
		if (flags & ~(VIZ_NODE_LARGE | VIZ_NODE_TABLE) || *bytes > end - at)
			return false;
		out->value.p = node + VIZ_NODE_HEAD + key_len;
		if (flags & VIZ_NODE_LARGE && !read_large(w, &out->value, u64(out->value.p)))
			return false;
	}
	*bytes += *bytes % 2;
	return true;
}

static int walk(struct viz_tree_walk *w, uint64_t n, unsigned level);

/* The key of a branch's first node is not written: it is that of the branch. All keys below a node
 * are at or behind its own, and all before it are not. */
static int walk_node(struct viz_tree_walk *w, const struct viz_node *node, unsigned level,
		     bool first, bool branch)
{
	if (branch && first)
		return walk(w, node->child, level + 1);
	if (w->last.p && compare(w, &w->last, &node->key) >= 0)
		w->bad++;
	if (branch) {
		w->from = node->key;
		return walk(w, node->child, level + 1);
	}
	if (w->from.p && compare(w, &w->from, &node->key) > 0)
		w->bad++;
	w->from.p = NULL;
	w->last = node->key;
	w->found.entries++;
	return w->leaf(w->arg, node);
}

static int walk(struct viz_tree_walk *w, uint64_t n, unsigned level)
{
	bool branch = level + 1 < w->tree->depth;
	const uint8_t *page = viz_pages_tree_take(w->p, n);
	size_t lower, upper, used = 0;
	int err = 0;

	if (!page || u64(page) != n ||
	    u16(page + 10) != (branch ? VIZ_PAGES_BRANCH : VIZ_PAGES_LEAF)) {
		w->bad++;
		return 0;
	}
	lower = u16(page + 12);
	upper = u16(page + 14);
	if (lower < VIZ_PAGES_HEAD + (branch && !w->free_list ? 4 : 2) || lower % 2 ||
	    lower > upper || upper > w->p->page) {
		w->bad++;
		return 0;
	}
	w->found.branch_pages += branch;
	w->found.leaf_pages += !branch;
	for (size_t i = 0; VIZ_PAGES_HEAD + 2 * i < lower && err == 0; i++) {
		size_t at = u16(page + VIZ_PAGES_HEAD + 2 * i), bytes = 0;
		struct viz_node node;

		if (at < upper || !read_node(w, &node, &bytes, page, at, branch)) {
			w->bad++;
			continue;
		}
		used += bytes;
		err = walk_node(w, &node, level, i == 0, branch);
	}
	/* LMDB keeps nodes close together: else one of them is wrong. */
	if (err == 0 && used != w->p->page - upper)
		w->bad++;
	return err;
}

int viz_pages_tree_walk(struct viz_tree_walk *w)
{
	const struct viz_tree *t = w->tree;
	int err = 0;

	if (t->depth > VIZ_TREE_DEPTH_MAX || (t->depth == 0) != (t->root == VIZ_PAGES_NONE)) {
		w->bad++;
		return 0;
	}
	if (t->depth > 0)
		err = walk(w, t->root, 0);
	if (err == 0 &&
	    (t->branch_pages != w->found.branch_pages || t->leaf_pages != w->found.leaf_pages ||
	     t->large_pages != w->found.large_pages || t->entries != w->found.entries))
		w->bad++;
	return err;
}

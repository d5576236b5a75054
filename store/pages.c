#include "store/pages_inside.h"

#include "proto/reader.h"
#include "store/backend.h"
#include "store/meta.h"

#include <sys/mman.h>
#include <sys/stat.h>

#define MAGIC        0xbeefc0deu
#define DATA_VERSION 1

/* struct MDB_meta */
struct head {
	size_t page; /* bytes */
	struct viz_tree free_list, directory;
	uint64_t last, txn;
};

struct reading {
	struct viz_pages p;
	struct viz_damage *damage;
	uint32_t version;
	uint64_t txn, found[VIZ_TABLE_COUNT];
	struct viz_sums sums;
	struct viz_tree tree[VIZ_TABLE_COUNT];
	bool known[VIZ_TABLE_COUNT], has_sums, sums_there;
	enum viz_table table; /* that is being read */
	viz_pages_row row;
	void *arg;
};

static bool read_head(struct head *out, const uint8_t *page, unsigned n)
{
	uint64_t number;
	uint32_t magic, version, bytes;
	uint16_t flags;

	memcpy(&number, page, 8);
	memcpy(&flags, page + 10, 2);
	memcpy(&magic, page + VIZ_PAGES_HEAD, 4);
	memcpy(&version, page + VIZ_PAGES_HEAD + 4, 4);
	memcpy(&bytes, page + VIZ_PAGES_HEAD + 24, 4);
	viz_pages_tree_read(&out->free_list, page + VIZ_PAGES_HEAD + 24);
	viz_pages_tree_read(&out->directory, page + VIZ_PAGES_HEAD + 24 + VIZ_TREE_BYTES);
	memcpy(&out->last, page + VIZ_PAGES_HEAD + 24 + 2 * VIZ_TREE_BYTES, 8);
	memcpy(&out->txn, page + VIZ_PAGES_HEAD + 32 + 2 * VIZ_TREE_BYTES, 8);
	out->page = bytes;
	return number == n && flags == VIZ_PAGES_META && magic == MAGIC &&
	       version == DATA_VERSION && bytes >= 512 && bytes <= 65536 &&
	       (bytes & (bytes - 1)) == 0 && (out->free_list.flags & 0x7f) == VIZ_TREE_NUMBERS &&
	       out->directory.flags == 0;
}

/* Both heads, each written by every second transaction; the newer one counts. */
static bool choose_head(struct reading *r, struct head *out, size_t page)
{
	struct head head[2];
	bool right[2];

	for (unsigned i = 0; i < 2; i++)
		right[i] = (i + 1) * page <= r->p.size &&
			   read_head(&head[i], r->p.bytes + i * page, i) && head[i].page == page;
	if (!right[0] && !right[1])
		return false;
	*out = right[1] && (!right[0] || head[1].txn > head[0].txn) ? head[1] : head[0];
	r->damage->head |= !right[0] || !right[1] || head[out->txn & 1].txn != out->txn ||
			   head[~out->txn & 1].txn + 1 != out->txn;
	return true;
}

/* Without an intact first page its size is not known: those of this machine are tried. */
static bool find_head(struct reading *r, struct head *out)
{
	static const size_t sizes[] = {4096, 16384, 65536, 8192, 32768};

	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
		if (2 * sizes[i] <= r->p.size && choose_head(r, out, sizes[i])) {
			r->p.page = sizes[i];
			return true;
		}
	return false;
}

/* ---- the list of free pages ---- */

static int free_leaf(void *arg, const struct viz_node *node)
{
	struct reading *r = arg;
	uint64_t count = 0, txn = 0, n, before = UINT64_MAX;
	bool right = node->key.len == 8 && node->value.len >= 8 && !node->table;

	if (right) {
		memcpy(&txn, node->key.p, 8);
		memcpy(&count, node->value.p, 8);
	}
	right = right && txn > 0 && txn <= r->txn && count <= node->value.len / 8 - 1;
	for (uint64_t i = 0; right && i < count; i++) {
		memcpy(&n, node->value.p + 8 * (i + 1), 8);
		right = n < before && viz_pages_tree_take_number(&r->p, n);
		before = n;
	}
	r->damage->free_list |= !right;
	return 0;
}

/* ---- the tables ---- */

static int directory_leaf(void *arg, const struct viz_node *node)
{
	struct reading *r = arg;
	unsigned table = 0;
	size_t i = 0;

	for (; i < node->key.len && i < 3 && node->key.p[i] >= '0' && node->key.p[i] <= '9'; i++)
		table = 10 * table + (unsigned)(node->key.p[i] - '0');
	if (i != node->key.len || !node->table || node->value.len != VIZ_TREE_BYTES) {
		r->damage->directory = true;
	} else if (table < VIZ_TABLE_COUNT) {
		viz_pages_tree_read(&r->tree[table], node->value.p);
		r->known[table] = true;
	}
	return 0;
}

static bool is_meta(const struct reading *r, const struct viz_node *node, const char *name)
{
	return r->table == VIZ_TABLE_META && node->key.len == strlen(name) &&
	       memcmp(node->key.p, name, node->key.len) == 0;
}

/* "sums" has the version, where its checksum fits. Without it "schema" has, whose row has no
 * checksum; but a store of an older version has no "sums". */
static int schema_leaf(void *arg, const struct viz_node *node)
{
	struct reading *r = arg;
	struct viz_reader reader;

	if (is_meta(r, node, VIZ_META_SUMS)) {
		r->sums_there = true;
		r->has_sums =
		    viz_checksum_fits(VIZ_TABLE_META, node->key.p, node->key.len, node->value.p,
				      node->value.len) &&
		    viz_sums_read(&r->sums, node->value.p, node->value.len - VIZ_CHECKSUM_LEN) == 0;
	}
	if (!is_meta(r, node, VIZ_META_SCHEMA))
		return 0;
	viz_reader_init(&reader, node->value.p, node->value.len);
	r->version = (uint32_t)viz_reader_uint(&reader, UINT32_MAX);
	if (viz_reader_finish(&reader))
		r->version = 0;
	return 0;
}

static int table_leaf(void *arg, const struct viz_node *node)
{
	struct reading *r = arg;
	size_t len = node->value.len - VIZ_CHECKSUM_LEN;
	bool plain = r->version > 0 && r->version < VIZ_SCHEMA_CHECKSUMS;
	bool right = !node->table && node->key.len <= VIZ_STORE_KEY_MAX;

	if (is_meta(r, node, VIZ_META_SCHEMA))
		return 0;
	right = right && (plain || viz_checksum_fits(r->table, node->key.p, node->key.len,
						     node->value.p, node->value.len));
	r->damage->rows[r->table] += !right;
	if (is_meta(r, node, VIZ_META_SUMS))
		return 0;
	if (right && !plain)
		r->found[r->table] += viz_be_get_u64(node->value.p + len);
	return r->row ? r->row(r->arg, r->table, &node->key, &node->value, right) : 0;
}

static uint32_t read_tree(struct reading *r, int *err, const struct viz_tree *tree, unsigned table,
			  int (*leaf)(void *arg, const struct viz_node *node))
{
	struct viz_tree_walk w = {
	    .p = &r->p, .tree = tree, .leaf = leaf, .arg = r, .free_list = leaf == free_leaf};

	r->table = (enum viz_table)table;
	*err = viz_pages_tree_walk(&w);
	return w.bad;
}

static bool numbers(unsigned table)
{
	return table == VIZ_TABLE_LOOKUP || table == VIZ_TABLE_LOOKUP_CEP;
}

/* A first look at META, whose pages are read again later. */
static int read_schema(struct reading *r, size_t seen_bytes)
{
	uint8_t *seen = r->p.seen, *copy;
	int err = 0;

	if (!r->known[VIZ_TABLE_META])
		return 0;
	copy = malloc(seen_bytes);
	if (!copy)
		return VIZ_ERR_NOMEM;
	memcpy(copy, seen, seen_bytes);
	r->p.seen = copy;
	read_tree(r, &err, &r->tree[VIZ_TABLE_META], VIZ_TABLE_META, schema_leaf);
	r->p.seen = seen;
	free(copy);
	if (r->has_sums || (r->sums_there && r->version < VIZ_SCHEMA_CHECKSUMS)) {
		uint32_t version = r->has_sums ? (uint32_t)r->sums.version : 0;

		r->damage->rows[VIZ_TABLE_META] += r->version != version;
		r->version = version;
	}
	return err;
}

static int read_tables(struct reading *r, size_t seen_bytes)
{
	struct viz_damage *d = r->damage;
	int err = read_schema(r, seen_bytes);

	if (r->version > VIZ_SCHEMA_VERSION)
		return 0;
	for (unsigned t = 0; t < VIZ_TABLE_COUNT && err == 0; t++) {
		/* a store of an older schema has fewer */
		bool old = r->version > 0 && r->version < VIZ_SCHEMA_VERSION;

		d->directory |= !r->known[t] && !old;
		if (!r->known[t])
			continue;
		if (r->tree[t].flags != (numbers(t) ? VIZ_TREE_NUMBERS : 0))
			d->pages[t]++;
		else
			d->pages[t] += read_tree(r, &err, &r->tree[t], t, table_leaf);
	}
	if (err || (r->version > 0 && r->version < VIZ_SCHEMA_CHECKSUMS))
		return err;
	for (unsigned t = 0; t < VIZ_TABLE_COUNT; t++)
		d->sum[t] = r->has_sums ? r->found[t] != r->sums.sum[t] : t == VIZ_TABLE_META;
	d->head |= r->has_sums && r->sums.txn != r->txn;
	return 0;
}

/* Leaves that no tree reaches and that are not free belong to a tree that was torn. Their rows say
 * by their checksum of which table they are. */
static int lost_leaf(void *arg, const struct viz_node *node)
{
	struct reading *r = arg;

	for (unsigned i = 0; i < VIZ_TABLE_COUNT && !node->table; i++) {
		enum viz_table t = (enum viz_table)((r->table + i) % VIZ_TABLE_COUNT);

		if (!viz_checksum_fits(t, node->key.p, node->key.len, node->value.p,
				       node->value.len))
			continue;
		r->table = t;
		return node->key.len <= VIZ_STORE_KEY_MAX
			   ? r->row(r->arg, t, &node->key, &node->value, true)
			   : 0;
	}
	return 0;
}

static int read_lost(struct reading *r)
{
	const struct viz_damage *d = r->damage;
	bool torn = d->directory;
	int err = 0;

	for (unsigned t = 0; t < VIZ_TABLE_COUNT; t++)
		torn |= d->pages[t] > 0;
	if (!r->row || !torn || d->free_list || d->head ||
	    (r->version > 0 && r->version < VIZ_SCHEMA_CHECKSUMS))
		return 0;
	for (uint64_t n = 2; n <= r->p.last && err == 0; n++) {
		const struct viz_tree leaf = {.depth = 1, .root = n};

		if (viz_pages_tree_is_leaf(&r->p, n))
			read_tree(r, &err, &leaf, r->table, lost_leaf);
	}
	return err;
}

static int read_file(struct reading *r)
{
	struct head head;
	size_t seen_bytes;
	int err = 0;

	if (r->p.size == 0)
		return VIZ_ERR_ABSENT;
	if (!find_head(r, &head)) {
		r->damage->head = r->damage->directory = true;
		return 0;
	}
	r->txn = head.txn;
	if (head.txn == 0)
		return VIZ_ERR_ABSENT; /* it was created, and nothing committed */
	/* LMDB may leave the last pages unwritten, and the file may be longer than they are */
	r->p.last = head.last;
	if (head.last < 1 || head.last > r->p.size / r->p.page + (1u << 20)) {
		r->damage->head = true;
		r->p.last = r->p.size / r->p.page;
	}
	seen_bytes = r->p.last / 8 + 1;
	r->p.seen = calloc(1, seen_bytes);
	if (!r->p.seen)
		return VIZ_ERR_NOMEM;
	r->damage->directory |= read_tree(r, &err, &head.directory, 0, directory_leaf) > 0;
	if (err == 0)
		err = read_tables(r, seen_bytes);
	if (err == 0)
		r->damage->free_list |= read_tree(r, &err, &head.free_list, 0, free_leaf) > 0;
	if (err == 0)
		err = read_lost(r);
	free(r->p.seen);
	return err;
}

static bool is_damaged(const struct viz_damage *d)
{
	bool bad = d->head || d->directory || d->free_list;

	for (unsigned t = 0; t < VIZ_TABLE_COUNT; t++)
		bad |= d->pages[t] || d->rows[t] || d->sum[t];
	return bad;
}

int viz_pages_read(struct viz_damage *out, uint32_t *version, int fd, viz_pages_row row, void *arg)
{
	struct reading r = {.damage = out, .row = row, .arg = arg};
	struct stat st;
	void *map = NULL;
	int err;

	*out = (struct viz_damage){0};
	*version = 0;
	if (fstat(fd, &st))
		return VIZ_ERR_STORE;
	r.p.size = (uint64_t)st.st_size;
	if (r.p.size > 0) {
		map = mmap(NULL, r.p.size, PROT_READ, MAP_SHARED, fd, 0);
		if (map == MAP_FAILED)
			return VIZ_ERR_NOMEM;
		r.p.bytes = map;
	}
	err = read_file(&r);
	*version = r.version;
	if (map)
		munmap(map, r.p.size);
	return err == 0 && is_damaged(out) ? VIZ_ERR_STORE : err;
}

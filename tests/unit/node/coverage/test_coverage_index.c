/* Who serves a place: the index must give the same answer as the records of all authors, after
 * records have come, changed, died, expired or been swept. */
#include "tests/unit/unit.h"

#include "crypto/id.h"
#include "crypto/sign.h"
#include "node/core/place.h"
#include "node/coverage/who.h"
#include "node/gossip/intake.h"
#include "node/self/partners.h"
#include "node/state.h"
#include "node/trust/identity.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/geo/cell.h"
#include "proto/geo/cep.h"
#include "proto/geo/limits.h"
#include "proto/geo/region.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/unit/node/bed.h"

#define AUTHORS 10
#define SLOTS   3
#define CELLS   60

struct author {
	struct viz_signer key;
	struct viz_birth birth;
	struct viz_id id;
	uint64_t seq;
};

static uint64_t drawn; /* the state of draw() */
static struct author author[AUTHORS];
static uint8_t buffer[VIZ_RECORD_MAX];

static uint32_t draw(uint32_t below)
{
	uint64_t z = (drawn += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((z ^ (z >> 31)) >> 32) % below;
}

/* Does the housekeeping: sweeps, and builds of the index. */
static void run(struct bed *b)
{
	b->now.ms += 2000;
	bed_run(b);
}

static void take(struct bed *b, struct author *a, uint8_t type, uint64_t slot, uint64_t seq,
		 const struct viz_writer *body)
{
	struct viz_record rec = {.type = type,
				 .author = a->id,
				 .slot = slot,
				 .seq = seq,
				 .time = b->now,
				 .body = body->start,
				 .body_len = body->len};
	static uint8_t bytes[VIZ_SIGNED_RECORD_MAX];
	size_t len = 0;

	assert_int_equal(body->err, VIZ_OK);
	assert_int_equal(viz_identity_sign(bytes, &len, sizeof bytes, NULL, &rec, &a->key,
					   &b->node->core.federation_id),
			 VIZ_OK);
	assert_int_equal(viz_intake_sync(&b->node->net, bytes, len), VIZ_OK);
}

static uint64_t next_seq(struct bed *b, struct author *a)
{
	a->seq = a->seq < (uint64_t)b->now.ms ? (uint64_t)b->now.ms : a->seq + 1;
	return a->seq;
}

static void take_node(struct bed *b, struct author *a)
{
	struct viz_node_body n = {.log = 1,
				  .first_key = a->birth.first_key,
				  .next_hash = a->birth.next_hash,
				  .transport = {{9}},
				  .name = "Vizinho",
				  .version = "1"};
	struct viz_writer w;

	memcpy(n.nonce, a->birth.nonce, sizeof n.nonce);
	viz_writer_init(&w, buffer, sizeof buffer);
	viz_node_body_write(&w, &n);
	take(b, a, VIZ_TYPE_NODE, 0, next_seq(b, a), &w);
}

static void join(struct bed *b, struct author *a, uint8_t fill)
{
	struct viz_secret s = {{fill, 1}};
	struct viz_vouch v = {.sponsee = b->node->trust.self.author};
	struct viz_writer w;

	viz_sign_seed_keypair(&a->key, &s);
	a->birth = (struct viz_birth){.first_key = a->key.pub, .nonce = {fill}};
	viz_id_next_hash(&a->birth.next_hash, &a->key.pub);
	viz_id_author(&a->id, &b->node->core.federation_id, &a->birth);
	bed_begin(b);
	assert_int_equal(viz_self_partners_publish_vouch(
			     &b->node->net, viz_member_ensure(&b->node->trust, &a->id), false),
			 VIZ_OK);
	bed_end(b);
	bed_begin(b);
	take_node(b, a);
	viz_writer_init(&w, buffer, sizeof buffer);
	viz_vouch_write(&w, &v);
	take(b, a, VIZ_TYPE_VOUCH, 0, next_seq(b, a), &w);
	bed_end(b);
	assert_true(viz_member_find(&b->node->trust, &a->id)->member);
}

static int setup(void **state)
{
	struct bed *b;

	bed_setup(state);
	b = *state;
	drawn = 5;
	memset(author, 0, sizeof author);
	run(b);
	for (uint8_t i = 0; i < AUTHORS; i++)
		join(b, &author[i], (uint8_t)(i + 1));
	run(b);
	return 0;
}

static const uint32_t codes[] = {3200102, 3200136, 3200169, 3200201, 3203205, 3304557, 3550308};

static struct viz_point some_point(void)
{
	return (struct viz_point){-19391000 + (int32_t)draw(100000),
				  -40072000 + (int32_t)draw(100000)};
}

static uint64_t some_cell(void)
{
	return viz_cell_from_point(some_point(), draw(4) ? 14 + draw(4) : 6 + draw(15));
}

static struct viz_cep_range some_range(void)
{
	uint32_t from = 29900000 + draw(40000);

	return (struct viz_cep_range){from, from + draw(draw(2) ? 2000 : 3)};
}

static void random_coverage(struct viz_coverage *c, uint8_t *region)
{
	uint64_t cells[CELLS];
	size_t n = draw(CELLS);

	memset(c, 0, sizeof *c);
	c->technology = VIZ_TECH_FIBER;
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (draw(4) == 0)
			c->municipality[c->municipality_count++] = codes[i];
	if (c->municipality_count == 0)
		return; /* it withdraws what stood in the slot */
	c->cep_count = draw(4);
	for (size_t i = 0; i < c->cep_count; i++)
		c->cep[i] = some_range();
	assert_int_equal(viz_cep_normalise(c->cep, &c->cep_count), 0);
	for (size_t i = 0; i < n; i++)
		cells[i] = some_cell();
	assert_int_equal(viz_region_normalise(cells, &n), 0);
	assert_int_equal(viz_region_encode(region, &c->region_len, VIZ_REGION_BYTES_MAX, cells, n),
			 0);
	c->region = region;
	if (draw(10) == 0 && c->region_len > 4)
		region[c->region_len - 1] ^= 1; /* cannot be unpacked, so that it covers no cell */
}

static void take_coverage(struct bed *b, struct author *a, uint64_t slot, uint64_t seq,
			  const struct viz_coverage *c)
{
	struct viz_writer w;

	viz_writer_init(&w, buffer, sizeof buffer);
	viz_coverage_write(&w, c);
	take(b, a, VIZ_TYPE_COVERAGE, slot, seq, &w);
}

static void publish(struct bed *b, struct author *a, uint64_t slot, uint64_t seq)
{
	struct viz_coverage *c = calloc(1, sizeof *c);
	uint8_t *region = malloc(VIZ_REGION_BYTES_MAX);

	random_coverage(c, region);
	take_coverage(b, a, slot, seq, c);
	free(region);
	free(c);
}

/* Author 0 covers these cells. They are sorted and merged; *n gets how many are left. Returns the
 * length of the region. */
static size_t publish_cells(struct bed *b, uint64_t *cells, size_t *n)
{
	struct viz_coverage *c = calloc(1, sizeof *c);
	uint8_t *region = malloc(VIZ_REGION_BYTES_MAX);
	size_t len;

	assert_int_equal(viz_region_normalise(cells, n), 0);
	assert_int_equal(viz_region_encode(region, &c->region_len, VIZ_REGION_BYTES_MAX, cells, *n),
			 0);
	c->technology = VIZ_TECH_FIBER;
	c->municipality[c->municipality_count++] = codes[0];
	c->region = region;
	len = c->region_len;
	bed_begin(b);
	take_coverage(b, &author[0], 0, next_seq(b, &author[0]), c);
	bed_end(b);
	free(region);
	free(c);
	return len;
}

static struct viz_area some_area(void)
{
	struct viz_area area = {.municipality = codes[draw(sizeof codes / sizeof *codes)]};

	if (draw(3) != 0)
		area.cell = viz_cell_from_point(some_point(), VIZ_AREA_LEVEL);
	return area;
}

/* Compares index and records for one area. Returns how many authors serve it. */
static size_t same_for(struct bed *b, const struct viz_area *area)
{
	struct viz_id *got = NULL;
	size_t n = viz_coverage_who(&b->node->net, &got, area), want = 0;

	for (size_t i = 0; i < b->node->trust.directory.count; i++) {
		const struct viz_id *id = &b->node->trust.directory.list[i]->id;

		if (!viz_coverage_who_covers(&b->node->trust, id, area))
			continue;
		assert_true(want < n);
		assert_true(viz_id_eq(&got[want++], id));
	}
	assert_int_equal(n, want);
	free(got);
	return n;
}

static bool has(struct bed *b, const struct viz_id *id, uint64_t cell, uint32_t cep)
{
	struct viz_coverage *c = calloc(1, sizeof *c);
	bool found = false;

	assert_non_null(c);
	for (uint64_t slot = 0; slot < VIZ_COVERAGE_SLOTS && !found; slot++) {
		struct viz_record rec;

		if (viz_live_get(&b->node->trust, &rec, id, VIZ_TYPE_COVERAGE, slot) &&
		    viz_coverage_parse(c, &rec) == VIZ_OK)
			found = cell != 0 ? viz_coverage_has_cell(c, cell)
					  : viz_cep_contains(c->cep, c->cep_count, cep);
	}
	free(c);
	return found;
}

/* Compares index and records for one point and postcode. Returns how many authors have the cell. */
static size_t near_for(struct bed *b, struct viz_point p, uint32_t cep)
{
	const struct viz_location l = {.has_point = true, .point = p, .precision_m = 1, .cep = cep};
	uint64_t cell = viz_cell_from_point(p, VIZ_CELL_LEVEL_MAX);
	struct viz_coverage_near near;
	size_t by_cell = 0, by_postcode = 0;

	viz_coverage_who_near(&b->node->net, &near, &l);
	for (size_t i = 0; i < b->node->trust.directory.count; i++) {
		const struct viz_id *id = &b->node->trust.directory.list[i]->id;

		if (has(b, id, cell, 0)) {
			assert_true(by_cell < near.by_cell_n);
			assert_true(viz_id_eq(&near.by_cell[by_cell++], id));
		}
		if (has(b, id, 0, cep)) {
			assert_true(by_postcode < near.by_postcode_n);
			assert_true(viz_id_eq(&near.by_postcode[by_postcode++], id));
		}
	}
	assert_int_equal(near.by_cell_n, by_cell);
	assert_int_equal(near.by_postcode_n, by_postcode);
	viz_coverage_who_near_free(&near);
	return by_cell;
}

/* The last COVERAGE of some random ones may be empty. */
static bool serves_any(struct bed *b, const struct viz_id *id)
{
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (viz_coverage_who_covers(&b->node->trust, id,
					    &(struct viz_area){.municipality = codes[i]}))
			return true;
	return false;
}

static size_t same(struct bed *b, unsigned times)
{
	size_t found = 0;

	bed_begin(b);
	assert_true(b->node->coverage.built);
	for (unsigned i = 0; i < times; i++) {
		struct viz_area area = some_area();

		found += same_for(b, &area);
		near_for(b, some_point(), 29900001 + draw(40000) / 900 * 900 + draw(890));
	}
	viz_store_abort(b->store);
	return found;
}

static void end_key(struct bed *b, struct author *a)
{
	static const uint8_t empty[] = {0x90};
	struct viz_writer w = {.start = (uint8_t *)(uintptr_t)empty, .len = 1};

	take(b, a, VIZ_TYPE_REVOCATION, 0, 1, &w);
}

/* The index has each COVERAGE that is held and alive, and nothing else. */
static void only_what_is_held(struct bed *b, size_t want)
{
	struct viz_slice key, value;
	struct viz_walk w;
	size_t held_n = 0, indexed = 0;

	bed_begin(b);
	viz_walk_init(&w, b->store, VIZ_TABLE_RECORD, NULL, 0);
	while (viz_walk_next(&w, &key, &value)) {
		struct viz_held held;

		assert_int_equal(viz_place_row_read(&held, value.p, value.len), VIZ_OK);
		held_n += key.p[32] == VIZ_TYPE_COVERAGE && !held.dead;
	}
	viz_walk_init(&w, b->store, VIZ_TABLE_COVERAGE_INDEX, (const uint8_t *)"p", 1);
	while (viz_walk_next(&w, &key, &value))
		indexed++;
	assert_int_equal(held_n, want);
	assert_int_equal(indexed, want);
	viz_store_abort(b->store);
}

static void the_same_as_all_records(void **state)
{
	struct bed *b = *state;
	size_t found = 0;

	for (unsigned round = 0; round < 120; round++) {
		struct author *a = &author[draw(AUTHORS - 2)];
		uint64_t slot = draw(SLOTS);
		uint64_t seq = next_seq(b, a);

		bed_begin(b);
		publish(b, a, slot, seq);
		/* a second record for the place: both are dead until a higher seq comes */
		if (draw(8) == 0)
			publish(b, a, slot, seq);
		bed_end(b);
		found += same(b, 20);
		if (draw(20) == 0) {
			bed_close(b);
			bed_open(b);
			run(b);
			found += same(b, 20);
		}
	}
	assert_true(found > 2000);
	bed_begin(b);
	do
		publish(b, &author[8], 0, next_seq(b, &author[8]));
	while (!serves_any(b, &author[8].id));
	end_key(b, &author[0]);
	bed_end(b);
	assert_true(same(b, 100) > 100);
	/* All but author 8 fall silent. */
	for (unsigned day = 0; day < 40; day++) {
		b->now.ms += VIZ_DAY_MS;
		bed_begin(b);
		take_node(b, &author[8]);
		bed_end(b);
		run(b);
		same(b, 5);
	}
	only_what_is_held(b, 1);
	assert_true(same(b, 300) > 0);
}

static void clear_table(struct bed *b, enum viz_table table)
{
	uint8_t key[VIZ_STORE_KEY_MAX];
	struct viz_slice k, v;
	struct viz_walk w;

	viz_walk_init(&w, b->store, table, NULL, 0);
	while (viz_walk_next(&w, &k, &v)) {
		size_t len = k.len;

		memcpy(key, k.p, len);
		assert_int_equal(viz_store_del(b->store, table, key, len), VIZ_OK);
	}
}

/* A store without an index. Records come in while the index is built. */
static void built_when_absent(void **state)
{
	struct bed *b = *state;
	unsigned steps = 0;

	for (unsigned i = 0; i < AUTHORS; i++)
		for (uint64_t slot = 0; slot < VIZ_COVERAGE_SLOTS / 2; slot++) {
			bed_begin(b);
			publish(b, &author[i], slot, next_seq(b, &author[i]));
			bed_end(b);
		}
	bed_begin(b);
	for (unsigned t = VIZ_TABLE_LOOKUP; t <= VIZ_TABLE_COVERAGE_INDEX; t++)
		clear_table(b, (enum viz_table)t);
	assert_int_equal(
	    viz_store_del(b->store, VIZ_TABLE_META, (const uint8_t *)"coverage-index", 14), VIZ_OK);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	bed_close(b);
	bed_open(b);
	assert_false(b->node->coverage.built);
	while (!b->node->coverage.built) {
		struct viz_area area = some_area();
		struct author *a = &author[draw(AUTHORS)];

		bed_begin(b);
		same_for(b, &area);
		publish(b, a, draw(SLOTS), next_seq(b, a));
		bed_end(b);
		assert_true(steps++ < 20);
		run(b);
	}
	assert_true(steps > 2);
	assert_true(same(b, 300) > 1000);
	bed_close(b);
	bed_open(b);
	assert_true(same(b, 100) > 100);
}

/* A record has more cells than the index takes. The index has coarser cells for it, and the
 * answer is still exact. */
static void a_region_of_many_cells(void **state)
{
	struct bed *b = *state;
	size_t n = 0, hits = 0;
	uint64_t *cells = malloc(VIZ_REGION_CELLS_MAX * sizeof *cells);
	uint32_t x, y;

	viz_cell_xy(viz_cell_from_point((struct viz_point){-19391000, -40072000}, 16), &x, &y);
	for (uint32_t i = 0; i < 300; i++)
		for (uint32_t j = 0; j < 300; j++)
			if ((i + j) % 2)
				cells[n++] = viz_cell_from_xy(x + i, y + j, 16);
	publish_cells(b, cells, &n);
	assert_true(n > 40000);
	bed_begin(b);
	for (uint32_t i = 0; i < 200; i++) {
		uint64_t cell = viz_cell_from_xy(x + draw(310), y + draw(310), 16);

		hits += near_for(b, viz_cell_center(cell), 29900001);
	}
	assert_true(hits > 50 && hits < 150);
	viz_store_abort(b->store);
	free(cells);
}

/* A few bytes may scatter cells over the whole map, and each cell touches a row. The index
 * limits their number too. */
static void a_region_that_is_scattered(void **state)
{
	struct bed *b = *state;
	uint64_t rows = viz_store_stat_entries(b->store, VIZ_TABLE_LOOKUP);
	uint64_t *cells = malloc(VIZ_REGION_CELLS_MAX * sizeof *cells);
	size_t n = 0;
	uint32_t x, y;

	viz_cell_xy(viz_cell_from_point((struct viz_point){-19391000, -40072000}, 13), &x, &y);
	for (uint32_t i = 0; i < 64; i++)
		for (uint32_t j = 0; j < 128; j++)
			cells[n++] = viz_cell_from_xy(2 * (x + i), 2 * (y + j), 14);
	assert_true(publish_cells(b, cells, &n) < 1024);
	assert_int_equal(n, 8192);
	assert_true(viz_store_stat_entries(b->store, VIZ_TABLE_LOOKUP) <= rows + 512);
	bed_begin(b);
	for (uint32_t i = 0; i < 20; i++) {
		uint32_t at_x = 2 * x + draw(128), at_y = 2 * y + draw(256);
		struct viz_area area = {codes[0], viz_cell_from_xy(at_x, at_y, 14)};
		bool there = at_x % 2 == 0 && at_y % 2 == 0;

		assert_int_equal(same_for(b, &area), there);
		assert_int_equal(near_for(b, viz_cell_center(area.cell), 29900001), there);
	}
	viz_store_abort(b->store);
	free(cells);
}

/* No ordinal is left. Then the record is a candidate for every place. */
static void no_ordinal_left(void **state)
{
	static const uint8_t last[] = {'o', 0, 0, 0xff, 0xff};
	struct bed *b = *state;

	bed_begin(b);
	assert_int_equal(viz_store_put(b->store, VIZ_TABLE_COVERAGE_INDEX, last, sizeof last,
				       (const uint8_t *)"\x92\xc4\x20"
							"12345678901234567890123456789012"
							"\x00",
				       36),
			 VIZ_OK);
	publish(b, &author[1], 0, next_seq(b, &author[1]));
	publish(b, &author[2], 0, next_seq(b, &author[2]));
	publish(b, &author[2], 0, next_seq(b, &author[2]));
	bed_end(b);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_COVERAGE_INDEX), 3);
	assert_true(same(b, 300) > 20);
	b->now.ms += 60 * VIZ_DAY_MS;
	run(b);
	run(b);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_COVERAGE_INDEX), 1);
}

/* How a provider was found: by cell, by postcode, or only by municipality. */
static void how_it_was_found(void **state)
{
	struct bed *b = *state;
	struct viz_location l = {.municipality = codes[0],
				 .cep = 29900123,
				 .has_point = true,
				 .point = {-19391000, -40072000},
				 .precision_m = 30};
	struct viz_coverage c = {.technology = VIZ_TECH_FIBER};
	uint64_t cell = viz_cell_from_point(l.point, 16);
	struct viz_coverage_near near;
	uint8_t region[64];

	c.municipality[c.municipality_count++] = codes[0];
	for (unsigned i = 0; i < 3; i++) {
		if (i == 1)
			c.cep[c.cep_count++] = (struct viz_cep_range){29900100, 29900199};
		if (i == 2) {
			assert_int_equal(
			    viz_region_encode(region, &c.region_len, sizeof region, &cell, 1), 0);
			c.region = region;
		}
		bed_begin(b);
		take_coverage(b, &author[i], 0, next_seq(b, &author[i]), &c);
		bed_end(b);
	}
	bed_begin(b);
	viz_coverage_who_near(&b->node->net, &near, &l);
	assert_int_equal(viz_coverage_who_found(&near, &author[0].id), VIZ_FOUND_MUNICIPALITY);
	assert_int_equal(viz_coverage_who_found(&near, &author[1].id), VIZ_FOUND_POSTCODE);
	assert_int_equal(viz_coverage_who_found(&near, &author[2].id), VIZ_FOUND_CELL);
	viz_coverage_who_near_free(&near);
	l.precision_m = 5000;
	l.cep = 29900000; /* a general code */
	viz_coverage_who_near(&b->node->net, &near, &l);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(viz_coverage_who_found(&near, &author[i].id),
				 VIZ_FOUND_MUNICIPALITY);
	viz_coverage_who_near_free(&near);
	viz_store_abort(b->store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(the_same_as_all_records, setup, bed_teardown),
	    cmocka_unit_test_setup_teardown(built_when_absent, setup, bed_teardown),
	    cmocka_unit_test_setup_teardown(a_region_of_many_cells, setup, bed_teardown),
	    cmocka_unit_test_setup_teardown(a_region_that_is_scattered, setup, bed_teardown),
	    cmocka_unit_test_setup_teardown(no_ordinal_left, setup, bed_teardown),
	    cmocka_unit_test_setup_teardown(how_it_was_found, setup, bed_teardown),
	};

	return cmocka_run_group_tests_name("coverage_index", tests, NULL, NULL);
}

/* The map of where movers went, on the outlines of municipalities, as inline SVG. */
#include "tools/analyze/report.h"
#include "tools/text/width.h"

#define MAP_WIDTH   1000u /* units of the drawing */
#define MAP_WIDE    1500u /* with more outlines than this, one is too small to see */
#define MAP_TALL    0.9   /* height to width at most */
#define MAP_LABELS  12u
#define LABEL_PHONE 38.0 /* height of a label: a phone shows the drawing at a third of its size */
#define LABEL_DESK  19.0
#define MAP_SHARE   92 /* percent of the movers that the map holds; the rest is listed below */

struct label {
	double x, y, w, units;
	uint32_t town;
};

struct map {
	FILE *out;
	const struct viz_report *r;
	const struct viz_summary *s;
	struct viz_box frame;
	uint8_t *state; /* of each town: 0 not drawn, 1 background, 2 counted */
	size_t background;
	struct label phone[MAP_LABELS], desk[MAP_LABELS];
	size_t phone_n, desk_n;
	struct viz_point middle;
	int32_t reach; /* microdegrees around it */
};

static bool counts(const struct map *m, uint32_t town)
{
	return m->s->t->town[town].movers >= VIZ_ANALYZE_SMALL;
}

static int32_t clamp(int64_t v, int32_t lo, int32_t hi)
{
	return (int32_t)(v < lo ? lo : v > hi ? hi : v);
}

static int32_t apart(int32_t a, int32_t b)
{
	return a > b ? a - b : b - a;
}

static void grow(struct viz_box *box, struct viz_point p)
{
	box->south_udeg = p.lat_udeg < box->south_udeg ? p.lat_udeg : box->south_udeg;
	box->north_udeg = p.lat_udeg > box->north_udeg ? p.lat_udeg : box->north_udeg;
	box->west_udeg = p.lon_udeg < box->west_udeg ? p.lon_udeg : box->west_udeg;
	box->east_udeg = p.lon_udeg > box->east_udeg ? p.lon_udeg : box->east_udeg;
}

static int nearest_first(const void *a, const void *b)
{
	const struct viz_ranked *x = a, *y = b;

	return (x->what > y->what) - (x->what < y->what);
}

/* The distance of a municipality from the middle of all destinations. */
static int32_t distance(const struct map *m, const struct viz_municipality *t)
{
	int32_t dlat = apart(t->seat.lat_udeg, m->middle.lat_udeg);
	int32_t dlon = apart(t->seat.lon_udeg, m->middle.lon_udeg);

	return dlat > dlon ? dlat : dlon;
}

/* The distance that holds most movers. The few who went far would make all the rest too small to
 * see. */
static int choose_reach(struct map *m, size_t n)
{
	const struct viz_gazetteer *g = m->s->a->gazetteer;
	struct viz_ranked *far = calloc(n, sizeof *far);
	int64_t lat = 0, lon = 0;
	uint64_t all = 0, within = 0;

	if (!far)
		return VIZ_ERR_NOMEM;
	for (size_t i = 0; i < n; i++) {
		struct viz_municipality t = viz_gazetteer_get(g, m->s->towns[i].what);

		all += m->s->towns[i].n;
		lat += (int64_t)m->s->towns[i].n * t.seat.lat_udeg;
		lon += (int64_t)m->s->towns[i].n * t.seat.lon_udeg;
	}
	m->middle =
	    (struct viz_point){(int32_t)(lat / (int64_t)all), (int32_t)(lon / (int64_t)all)};
	for (size_t i = 0; i < n; i++) {
		struct viz_municipality t = viz_gazetteer_get(g, m->s->towns[i].what);

		far[i] = (struct viz_ranked){(uint32_t)distance(m, &t), m->s->towns[i].n};
	}
	qsort(far, n, sizeof *far, nearest_first);
	for (size_t i = 0; i < n && within * 100 < all * MAP_SHARE; i++) {
		within += far[i].n;
		m->reach = (int32_t)far[i].what;
	}
	free(far);
	return 0;
}

/* The box around the towns with movers within that distance, with a margin. */
static bool choose_frame(struct map *m)
{
	const struct viz_gazetteer *g = m->s->a->gazetteer;
	struct viz_box box = {90000000, 180000000, -90000000, -180000000};
	size_t n = 0;
	int64_t margin;

	while (n < m->s->towns_n && counts(m, m->s->towns[n].what))
		n++;
	if (n == 0 || choose_reach(m, n) < 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct viz_municipality t = viz_gazetteer_get(g, m->s->towns[i].what);

		if (distance(m, &t) > m->reach)
			continue;
		m->state[m->s->towns[i].what] = 2;
		/* An island far out (Trindade belongs to Vitória) must not fill the map with sea.
		 */
		grow(&box, t.seat);
		if (apart(t.box.east_udeg, t.box.west_udeg) < 6000000) {
			grow(&box, (struct viz_point){t.box.south_udeg, t.box.west_udeg});
			grow(&box, (struct viz_point){t.box.north_udeg, t.box.east_udeg});
		}
	}
	margin =
	    ((int64_t)box.north_udeg - box.south_udeg + box.east_udeg - box.west_udeg) / 24 + 50000;
	m->frame = (struct viz_box){clamp(box.south_udeg - margin, -85000000, 85000000),
				    clamp(box.west_udeg - margin, -180000000, 180000000),
				    clamp(box.north_udeg + margin, -85000000, 85000000),
				    clamp(box.east_udeg + margin, -180000000, 180000000)};
	return true;
}

/* Widens a frame that is too tall for the page, so that land fills it. */
static void widen_frame(struct map *m)
{
	struct viz_point corner = {m->frame.south_udeg, m->frame.east_udeg};
	double x, y, height = 0;
	int64_t span, more;

	viz_gazetteer_outline_svg_point(&x, &y, &height, corner, m->frame, MAP_WIDTH);
	if (height <= MAP_WIDTH * MAP_TALL)
		return;
	span = (int64_t)m->frame.east_udeg - m->frame.west_udeg;
	more = (int64_t)((double)span * (height / (MAP_WIDTH * MAP_TALL) - 1) / 2);
	m->frame.west_udeg = clamp(m->frame.west_udeg - more, -180000000, 180000000);
	m->frame.east_udeg = clamp(m->frame.east_udeg + more, -180000000, 180000000);
}

static bool meets(const struct viz_box *a, const struct viz_box *b)
{
	return a->south_udeg <= b->north_udeg && b->south_udeg <= a->north_udeg &&
	       a->west_udeg <= b->east_udeg && b->west_udeg <= a->east_udeg;
}

/* Draws the background in grey: all municipalities in the frame. */
static void choose_background(struct map *m)
{
	for (size_t i = 0; i < m->s->t->towns; i++) {
		struct viz_municipality t = viz_gazetteer_get(m->s->a->gazetteer, i);

		if (m->state[i] == 0 && t.has_outline && meets(&t.box, &m->frame)) {
			m->state[i] = 1;
			m->background++;
		}
	}
}

/* The colour shows who serves most of its movers, the shade how many they are. */
static void put_class(struct map *m, uint32_t town)
{
	const struct viz_town_total *t = &m->s->t->town[town];
	uint64_t max = m->s->towns[0].n;
	unsigned shade = t->movers * 4 > max * 3 ? 4
			 : t->movers * 2 > max   ? 3
			 : t->movers * 4 > max   ? 2
						 : 1;

	fprintf(m->out, "%s s%u", viz_report_kind(m->s, town), shade);
}

static void put_path(struct map *m, uint32_t town)
{
	const struct viz_gazetteer *g = m->s->a->gazetteer;
	struct viz_municipality t = viz_gazetteer_get(g, town);
	char *d = NULL, name[VIZ_TOWN_TEXT];

	if (viz_gazetteer_outline_svg_path(g, &d, t.ibge, m->frame, MAP_WIDTH) < 0 || !d)
		return;
	fputs("<path class=\"", m->out);
	if (m->state[town] == 2)
		put_class(m, town);
	else
		fputc('n', m->out);
	fprintf(m->out, "\" d=\"%s\">", d);
	if (m->state[town] == 2) {
		fputs("<title>", m->out);
		viz_report_escape(m->out, viz_summary_town(m->s, name, town));
		fprintf(m->out, ": %s</title>",
			viz_number_count(m->r->lang, m->s->t->town[town].movers).s);
	}
	fputs("</path>\n", m->out);
	free(d);
}

/* In a drawing of half the country a municipality is a dot. */
static void put_dots(struct map *m)
{
	for (size_t i = 0; i < m->s->t->towns; i++) {
		struct viz_municipality t;
		double x, y, height;

		if (m->state[i] != 2)
			continue;
		t = viz_gazetteer_get(m->s->a->gazetteer, i);
		viz_gazetteer_outline_svg_point(&x, &y, &height, t.seat, m->frame, MAP_WIDTH);
		fputs("<circle class=\"", m->out);
		put_class(m, (uint32_t)i);
		fprintf(m->out, "\" cx=\"%.0f\" cy=\"%.0f\" r=\"7\"/>\n", x, y);
	}
}

/* Where a label is tried: on the town, then above, below and beside it. */
static const double shifts[][2] = {{0, 0},    {0, -1.3}, {0, 1.3},   {0.4, 0}, {-0.4, 0},
				   {0.4, -1}, {0.4, 1},  {-0.4, -1}, {-0.4, 1}};
#define SHIFTS (sizeof shifts / sizeof *shifts)

/* A label of this size on the seat of the town, or shifted by parts of its own size; moved inside
 * the edges. */
static struct label label_of(const struct map *m, uint32_t town, double units, size_t shift)
{
	struct viz_municipality t = viz_gazetteer_get(m->s->a->gazetteer, town);
	struct label l = {.units = units, .town = town};
	double height;

	viz_gazetteer_outline_svg_point(&l.x, &l.y, &height, t.seat, m->frame, MAP_WIDTH);
	l.w = (double)viz_width_of(t.name, strlen(t.name)) * units * 0.6 + 8;
	l.x += shifts[shift][0] * l.w;
	l.y += shifts[shift][1] * units;
	if (l.x - l.w / 2 < 2)
		l.x = l.w / 2 + 2;
	if (l.x + l.w / 2 > MAP_WIDTH - 2)
		l.x = MAP_WIDTH - l.w / 2 - 2;
	if (l.y < units + 2)
		l.y = units + 2;
	if (l.y > height - units * 1.3)
		l.y = height - units * 1.3;
	return l;
}

static bool is_free(const struct label *done, size_t n, const struct label *l)
{
	for (size_t i = 0; i < n; i++) {
		double dx = l->x - done[i].x, dy = l->y - done[i].y;

		if ((dx < 0 ? -dx : dx) < (l->w + done[i].w) / 2 &&
		    (dy < 0 ? -dy : dy) < l->units * 2.1)
			return false;
	}
	return true;
}

/* A free place for the label of a town. */
static bool fit(const struct map *m, struct label *out, const struct label *done, size_t n,
		uint32_t town, double units)
{
	for (size_t k = 0; k < SHIFTS; k++) {
		*out = label_of(m, town, units, k);
		if (is_free(done, n, out))
			return true;
	}
	return false;
}

/* Places as many labels of that size as fit, the largest towns first. */
static size_t place(const struct map *m, struct label done[MAP_LABELS], double units)
{
	size_t n = 0;

	for (size_t i = 0; i < m->s->towns_n && n < MAP_LABELS; i++) {
		uint32_t town = m->s->towns[i].what;

		if (m->state[town] == 2)
			n += fit(m, &done[n], done, n, town, units);
	}
	return n;
}

static bool has_label(const struct label *done, size_t n, uint32_t town)
{
	for (size_t i = 0; i < n; i++)
		if (done[i].town == town)
			return true;
	return false;
}

static void put_label(const struct map *m, const struct label *l, const char *kind)
{
	struct viz_municipality t = viz_gazetteer_get(m->s->a->gazetteer, l->town);

	fprintf(m->out, "<text class=\"%s\" x=\"%.0f\" y=\"%.0f\">", kind, l->x, l->y - 2);
	viz_report_escape(m->out, t.name);
	fprintf(m->out, "<tspan x=\"%.0f\" dy=\"1.05em\" class=\"b\">%s</tspan></text>\n", l->x,
		viz_number_count(m->r->lang, m->s->t->town[l->town].movers).s);
}

/* Few large labels for a phone, and more small ones for a large screen. */
static void put_labels(struct map *m)
{
	m->phone_n = place(m, m->phone, LABEL_PHONE);
	m->desk_n = place(m, m->desk, LABEL_DESK);
	for (size_t i = 0; i < m->phone_n; i++)
		put_label(m, &m->phone[i], "phone");
	for (size_t i = 0; i < m->desk_n; i++)
		put_label(m, &m->desk[i], "desk");
}

/* The coloured towns without a label, on a phone or at all. */
static void put_others(struct map *m)
{
	size_t all = 0, phone = 0, n = 0;

	for (size_t i = 0; i < m->s->towns_n; i++) {
		uint32_t town = m->s->towns[i].what;

		if (m->state[town] != 2 || has_label(m->phone, m->phone_n, town))
			continue;
		all++;
		phone += has_label(m->desk, m->desk_n, town);
	}
	if (all == 0)
		return;
	fprintf(m->out, "<p class=\"note%s\">%s ", phone == all ? " phone" : "",
		viz_text(m->r->lang, VIZ_TEXT_MAP_OTHERS));
	/* towns without a label on a phone only come last, and hide with their commas */
	for (size_t i = 0; i < 2 * m->s->towns_n; i++) {
		uint32_t town = m->s->towns[i % m->s->towns_n].what;
		bool only_phone = has_label(m->desk, m->desk_n, town);
		char name[VIZ_TOWN_TEXT];

		if (m->state[town] != 2 || has_label(m->phone, m->phone_n, town) ||
		    only_phone != (i >= m->s->towns_n))
			continue;
		fprintf(m->out, "<span%s>%s", only_phone ? " class=\"phone\"" : "",
			n++ ? ", " : "");
		viz_report_escape(m->out, viz_summary_town(m->s, name, town));
		fprintf(m->out, " (%s)</span>",
			viz_number_count(m->r->lang, m->s->t->town[town].movers).s);
	}
	fputs("</p>\n", m->out);
}

static void put_key(const struct map *m, char kind, enum viz_text text)
{
	fprintf(m->out, "<span><i class=\"key %c\"></i>%s</span>", kind,
		viz_text(m->r->lang, text));
}

/* The legend: only the colours that occur, in words that claim no more than is known. */
static void put_legend(const struct map *m)
{
	bool own = m->s->a->coverage->has_self, partners = m->s->a->coverage->parties > 1;

	fputs("<p class=\"legend\">", m->out);
	if (own)
		put_key(m, 'k', VIZ_TEXT_LEGEND_KEPT);
	if (partners)
		put_key(m, 'c', VIZ_TEXT_LEGEND_COVERED);
	if (own)
		put_key(m, 'u', VIZ_TEXT_LEGEND_UNCOVERED);
	else if (partners)
		put_key(m, 'u', VIZ_TEXT_LEGEND_UNCOVERED_UNSURE);
	if (!own)
		put_key(m, 'd', partners ? VIZ_TEXT_LEGEND_OWN : VIZ_TEXT_LEGEND_UNKNOWN);
	fputs("</p>\n", m->out);
}

static void put_outside(struct map *m)
{
	struct viz_text_filled w;
	char list[600] = "";
	size_t used = 0;

	for (size_t i = 0; i < m->s->towns_n && counts(m, m->s->towns[i].what) && used < 500; i++) {
		char name[VIZ_TOWN_TEXT];
		int k;

		if (m->state[m->s->towns[i].what] == 2)
			continue;
		k = snprintf(list + used, sizeof list - used, "%s%s (%s)", used ? ", " : "",
			     viz_summary_town(m->s, name, m->s->towns[i].what),
			     viz_number_count(m->r->lang, m->s->towns[i].n).s);
		used += k > 0 ? (size_t)k : 0;
	}
	if (!used)
		return;
	fputs("<p class=\"note\">", m->out);
	viz_report_escape(
	    m->out, viz_text_fill(&w, m->r->lang, VIZ_TEXT_MAP_OFF, (const char *[]){list, NULL}));
	fputs("</p>\n", m->out);
}

int viz_report_map(FILE *out, const struct viz_report *r)
{
	struct map m = {.out = out, .r = r, .s = r->s};
	struct viz_point corner;
	double x, y, height = 0;

	m.state = calloc(r->s->t->towns + 1, 1);
	if (!m.state)
		return VIZ_ERR_NOMEM;
	if (!choose_frame(&m)) {
		fprintf(out, "<p>%s</p>\n", viz_text(r->lang, VIZ_TEXT_MAP_NONE));
		free(m.state);
		return 0;
	}
	widen_frame(&m);
	choose_background(&m);
	corner = (struct viz_point){m.frame.south_udeg, m.frame.east_udeg};
	viz_gazetteer_outline_svg_point(&x, &y, &height, corner, m.frame, MAP_WIDTH);
	put_legend(&m);
	fprintf(out,
		"<svg class=\"map%s\" viewBox=\"0 0 %u %.0f\" role=\"img\" aria-label=\"%s\">\n",
		m.background > MAP_WIDE ? " wide" : "", MAP_WIDTH, height,
		viz_text(r->lang, VIZ_TEXT_MAP));
	for (uint8_t state = 1; state <= 2; state++)
		for (size_t i = 0; i < r->s->t->towns; i++)
			if (m.state[i] == state)
				put_path(&m, (uint32_t)i);
	if (m.background > MAP_WIDE)
		put_dots(&m);
	put_labels(&m);
	fputs("</svg>\n", out);
	put_others(&m);
	put_outside(&m);
	free(m.state);
	return 0;
}

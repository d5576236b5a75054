#include "tools/geo/place_json.h"

#include "proto/limits.h"
#include "tools/geo/cep_points.h"

/* The cell of the area; 0: the municipality alone. */
static uint64_t area_cell(const struct viz_cep_points *points, const struct viz_place *place)
{
	uint64_t cell = 0;

	if (place->has_point && points != NULL)
		cell = viz_cell_around(place->point, place->precision_m, VIZ_AREA_LEVEL);
	return cell != 0 && viz_cep_points_addresses(points, cell) >= VIZ_AREA_ADDRESSES ? cell : 0;
}

json_t *viz_place_json(const struct viz_place *found, const struct viz_cep_points *points)
{
	json_t *o = json_object();
	struct viz_place rounded = *found, *place = &rounded;
	uint64_t cell;

	/* The daemon sends no digits that the precision does not bear, and the cell must hold what
	 * it sends. */
	place->point = viz_point_round(found->point, found->precision_m);
	cell = area_cell(points, place);

	json_object_set_new(o, "municipality", json_pack("{s:I}", "code", (json_int_t)place->ibge));
	json_object_set_new(o, "precision_m", json_integer(place->precision_m));
	if (place->has_cep)
		json_object_set_new(o, "cep", json_integer(place->cep));
	if (place->has_point) {
		json_object_set_new(o, "lat_udeg", json_integer(place->point.lat_udeg));
		json_object_set_new(o, "lon_udeg", json_integer(place->point.lon_udeg));
	}
	if (cell != 0)
		json_object_set_new(o, "cell", json_integer((json_int_t)cell));
	return o;
}

/* Places of entries: GeoRSS, simple and GML, as a GeoJSON object. */
#include "crawler/feed_geo.h"

#include <string.h>

#define POSITIONS_MAX 512 /* of one line or area; a longer one is left out */
#define GEO_BYTES (64u << 10)
#define PLACES_MAX 20000 /* of a feed; further ones are left out */

struct position {
	double x, y;
};

struct shape {
	const char *type; /* "Point", "LineString", "Polygon", "Box" */
	bool swaps; /* written latitude first, as geographic systems do */
	size_t dimension; /* numbers a position */
	struct position at[POSITIONS_MAX];
	size_t n;
};

/* The next number, separated by white space or commas; false at the end and at what is none. */
static bool next_number(struct str *rest, double *out)
{
	size_t from = 0, to;

	while (from < rest->n && (rest->p[from] == ',' || (unsigned char)rest->p[from] <= ' '))
		from++;
	for (to = from; to < rest->n && rest->p[to] != ',' && (unsigned char)rest->p[to] > ' ';)
		to++;
	const struct str word = { rest->p + from, to - from };
	*rest = str_from(*rest, to);
	return word.n > 0 && str_to_double(word, out);
}

static bool next_position(struct shape *shape, struct str *rest, struct position *out)
{
	double first = 0, second = 0, ignored = 0;

	if (!next_number(rest, &first) || !next_number(rest, &second))
		return false;
	for (size_t i = 2; i < shape->dimension; i++) {
		if (!next_number(rest, &ignored))
			return false;
	}
	*out = shape->swaps ? (struct position){ second, first } : (struct position){ first, second };
	return true;
}

/* true when there are as many positions as the type asks for. */
static bool read_positions(struct shape *shape, struct str text)
{
	const size_t least = strcmp(shape->type, "Point") == 0 ? 1 : 2;

	shape->n = 0;
	while (shape->n < POSITIONS_MAX && next_position(shape, &text, &shape->at[shape->n]))
		shape->n++;
	return shape->n >= least && str_trim(text).n == 0;
}

static void write_position(struct buf *out, const struct position *p)
{
	buf_addc(out, '[');
	buf_add_double(out, p->x, 9);
	buf_addc(out, ',');
	buf_add_double(out, p->y, 9);
	buf_addc(out, ']');
}

static void write_shape(struct buf *out, const struct shape *shape)
{
	const bool is_point = strcmp(shape->type, "Point") == 0, is_area = strcmp(shape->type, "Polygon") == 0;

	buf_addc(out, '{');
	buf_json_str(out, "type", str_of(shape->type));
	buf_json_key(out, "coordinates");
	buf_addz(out, is_area ? "[[" : is_point ? "" : "[");
	for (size_t i = 0; i < (is_point ? 1 : shape->n); i++) {
		if (i > 0)
			buf_addc(out, ',');
		write_position(out, &shape->at[i]);
	}
	buf_addz(out, is_area ? "]]}" : is_point ? "}" : "]}");
}

/* What cannot be read is an empty object: the entry has a place that nobody knows. */
static void set_where(struct feed_scope *s, struct shape *shape, struct str text)
{
	struct buf json;

	if (s->feed->nplaces++ >= PLACES_MAX)
		return;
	buf_init(&json, GEO_BYTES);
	if (read_positions(shape, text))
		write_shape(&json, shape);
	else
		buf_addz(&json, "{}");
	if (!json.overflow)
		feed_set_extra(s, "where", arena_copy(s->a, buf_str(&json)));
	buf_release(&json);
}

/* EPSG:4326 and the other geographic systems (4001 … 4999) have latitude first; without a name it is 4326. */
static bool is_geographic(struct str system)
{
	int64_t number = 0;
	size_t from = system.n;

	while (from > 0 && system.p[from - 1] >= '0' && system.p[from - 1] <= '9')
		from--;
	return system.n == 0 || (str_to_i64(str_from(system, from), &number) && number > 4000 && number < 5000);
}

static void note_system(struct feed_scope *s, const struct xml_node *n, struct shape *shape)
{
	const struct str system = feed_attribute(s, n, "srsName");
	int64_t dimension = 2;

	if (system.n > 0)
		shape->swaps = is_geographic(system);
	if (str_to_i64(feed_attribute(s, n, "srsDimension"), &dimension) && dimension >= 2 && dimension <= 4)
		shape->dimension = (size_t)dimension;
}

void feed_read_geo(struct feed_scope *s, const struct xml_node *n, const char *type)
{
	struct shape shape = { .type = type, .swaps = true, .dimension = 2 };

	note_system(s, n, &shape);
	set_where(s, &shape, feed_read_plain(s, n));
}

static void note_type(struct shape *shape, const char *name)
{
	if (strcmp(name, "gml:linestring") == 0)
		shape->type = "LineString";
	else if (strcmp(name, "gml:polygon") == 0)
		shape->type = "Polygon";
	else if (strcmp(name, "gml:envelope") == 0)
		shape->type = "Box";
}

void feed_read_gml(struct feed_scope *s, const struct xml_node *n)
{
	struct shape shape = { .type = "Point", .swaps = true, .dimension = 2 };
	struct feed_name name;

	for (; n; n = xml_first(n)) { /* each holds one: where, Polygon, exterior, LinearRing, posList */
		name = feed_name_of(n);
		note_type(&shape, name.text);
		note_system(s, n, &shape);
		if (!xml_first(n) && (strcmp(name.text, "gml:pos") == 0 || strcmp(name.text, "gml:poslist") == 0 ||
					     strcmp(name.text, "gml:coordinates") == 0))
			set_where(s, &shape, feed_read_plain(s, n));
	}
}

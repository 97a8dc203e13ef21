/* Chinese addresses: a road and a house number, or an estate and its building, unit, room. */
#include "common/text/mask_house.h"

#include "common/base/utf8.h"
#include "common/text/mask_number.h"

#define DIGITS_MOST 5u /* of a house, a building, a room */
#define NAME_MOST 30 /* characters of all that stands in front of the first number */
#define ESTATE_MOST 10 /* characters between a house number and a building: the estate */

static const char *const roads[] = { "大道", "大街", "胡同", "路", "街", "巷", "弄", "道", "段", "里", "村", "屯", "组", "支路",
	NULL };
static const char *const estates[] = { "小区", "花园", "公寓", "大厦", "广场", "家园", "新村", "社区", "华庭", "名苑", "豪庭",
	"山庄", "公馆", "别墅", "嘉园", "苑", "城", "府", "湾", "园", "庭", "轩", "居", "宿舍", "小區", "花園", "公寓", "大廈",
	NULL };
static const char *const units[] = { "号楼", "号院", "号", "弄", "栋", "幢", "座", "单元", "室", "楼", "层", "户", "门", "號樓",
	"號", "棟", "單元", "樓", NULL };
static const char *const sub_units[] = { "栋", "幢", "座", "单元", "室", "户", "号楼", "棟", "單元", "號樓", NULL };
/* 中山路2号线, 人民路3号店: numbers of things that are nobody's home. */
static const char *const not_homes[] = { "线", "口", "出口", "门店", "店", "桥", "车", "站", "線", "車", NULL };
/* Where a name of a place cannot go on to the left. */
static const char *const walls[] = { "在", "住", "址", "到", "至", "往", "是", "我", "你", "他", "她", "去", "给", "的", "了",
	"为", "送", "寄", "来", "从", "就", "这", "那", "条", "搬", "个", "給", "為", "這", "條", "來", "從", "個", NULL };

static const char *ends_with_one(struct str s, const char *const *words)
{
	for (; *words; words++)
		if (str_ends(s, str_of(*words)))
			return *words;
	return NULL;
}

static size_t starts_with_one(struct str s, const char *const *words)
{
	for (; *words; words++)
		if (str_starts(s, str_of(*words)))
			return strlen(*words);
	return 0;
}

/* Digits, a hyphen or a letter among them, of at most DIGITS_MOST: 12, 12-3, 7B. Bytes read. */
static size_t read_digits(struct str text, size_t at)
{
	size_t end = at, n = 0;
	while (end < text.n && n <= DIGITS_MOST) {
		size_t next = end;
		const uint32_t cp = utf8_next(text, &next);
		const bool is_joint = (cp == '-' || cp == 0xFF0D) && n > 0 && number_digit(value_at(text, next)) >= 0;
		const bool is_letter = value_is_letter(cp) && cp != '_' && !value_is_letter(value_at(text, next));
		if (number_digit(cp) < 0 && !is_joint && !is_letter)
			break;
		n += !is_joint;
		end = next;
	}
	return n >= 1 && n <= DIGITS_MOST ? end - at : 0;
}

static size_t skip_blank(struct str text, size_t at)
{
	while (at < text.n && (text.p[at] == ' ' || text.p[at] == ','))
		at++;
	return at;
}

/* The name of an estate between a house number and a building; the byte behind it, or `at`. */
static size_t skip_estate(struct str text, size_t at)
{
	size_t end = at;
	for (int i = 0; i < ESTATE_MOST && value_is_han(text, end); i++) {
		end += 3;
		if (ends_with_one((struct str){ text.p + at, end - at }, estates) &&
			number_digit(value_at(text, skip_blank(text, end))) >= 0)
			return skip_blank(text, end);
	}
	return at;
}

/* 号 阳光花园 3栋2单元 501室, from behind the first number on: how many units, and where they end. */
static int read_units(struct str text, size_t *at)
{
	int n = 0;
	size_t unit;
	for (;;) {
		unit = starts_with_one(str_from(text, *at), units);
		if (unit == 0)
			return n;
		*at += unit;
		n++;
		size_t next = skip_blank(text, *at);
		size_t digits = read_digits(text, next);
		if (digits == 0) {
			next = skip_estate(text, next);
			digits = read_digits(text, next);
		}
		if (digits == 0)
			return n;
		const bool has_unit = starts_with_one(str_from(text, next + digits), units) > 0;
		if (!has_unit && (next != *at || value_is_han(text, next + digits)))
			return n;
		*at = next + digits;
		if (!has_unit)
			return n + 1; /* a room without its word: 7单元1973 */
	}
}

/* Back over the names of province, city, district, road. */
static size_t name_start(struct str text, size_t at)
{
	size_t from = at;
	for (int i = 0; i < NAME_MOST && from >= 3 && value_is_han(text, from - 3); i++) {
		if (ends_with_one(str_first(text, from), walls))
			break;
		from -= 3;
	}
	return from;
}

static bool is_road(struct str name)
{
	const char *road = ends_with_one(name, roads);
	return road && name.n >= strlen(road) + 3;
}

static bool is_estate(struct str name)
{
	const char *estate = ends_with_one(name, estates);
	return estate && name.n >= strlen(estate) + 6 - (strlen(estate) >= 6 ? 3 : 0);
}

bool house_find(struct str text, size_t at, struct mask_value *out)
{
	size_t name_end = at;
	while (name_end > 0 && text.p[name_end - 1] == ' ' && at - name_end < 2)
		name_end--;
	if (name_end < 6 || !value_is_han(text, name_end - 3))
		return house_find_english(text, at, out);
	const size_t from = name_start(text, name_end), digits = read_digits(text, at);
	const struct str name = { text.p + from, name_end - from };
	size_t to = at + digits;
	if (digits == 0 || name.n < 6)
		return false;
	const bool is_sub_unit = starts_with_one(str_from(text, to), sub_units) > 0;
	const bool is_number = str_starts(str_from(text, to), STR("号")) || str_starts(str_from(text, to), STR("號")) ||
			       str_starts(str_from(text, to), STR("弄"));
	const bool is_home = (is_number && is_road(name)) || ((is_sub_unit || is_number) && is_estate(name));
	if (!is_home || read_units(text, &to) == 0 || starts_with_one(str_from(text, to), not_homes))
		return false;
	*out = (struct mask_value){ MASK_ADDRESS, from, to };
	return true;
}

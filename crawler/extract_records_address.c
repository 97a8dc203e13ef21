/* What addresses of links say to the records reader: a person, an action. */
#include "crawler/extract_records.h"

#include <ctype.h>
#include <string.h>

#define PART(literal)                                                                                                            \
	{                                                                                                                        \
		literal, sizeof(literal) - 1                                                                                     \
	}

/* Most parts have a byte that the address has not. */
static bool has_bytes(const bool has[256], struct str part)
{
	for (size_t i = 0; i < part.n; i++)
		if (!has[(unsigned char)part.p[i]])
			return false;
	return true;
}

static bool has_part(struct str href, const struct str *parts, size_t n)
{
	char lower[LIMIT_RECORDS_HREF_BYTES];
	bool has[256] = { false };
	const size_t length = href.n < sizeof(lower) ? href.n : sizeof(lower);

	for (size_t i = 0; i < length; i++) {
		const unsigned char c = (unsigned char)tolower((unsigned char)href.p[i]);
		lower[i] = (char)c;
		has[c] = true;
	}
	for (size_t i = 0; i < n; i++)
		if (has_bytes(has, parts[i]) && str_find((struct str){ lower, length }, parts[i]) >= 0)
			return true;
	return false;
}

bool records_is_action(struct str href)
{
	static const struct str parts[] = { PART("reply"), PART("quote"), PART("report"), PART("login"), PART("regist"),
		PART("signin"), PART("signup"), PART("posting.php"), PART("vote"), PART("javascript:"), PART("mailto:"),
		PART("do=add"), PART("action=post"), PART("sharer"), PART("intent/"), PART("#respond"), PART("private.php"),
		PART("sendmessage"), PART("mode=search") };

	return has_part(href, parts, sizeof(parts) / sizeof(*parts));
}

bool records_is_user_address(struct str href)
{
	static const struct str parts[] = { PART("/user"), PART("/u/"), PART("member"), PART("profile"), PART("/people/"),
		PART("/author"), PART("uid="), PART("uid-"), PART("userid"), PART("mod=space"), PART("space-u"), PART("/@"),
		PART("user_info"), PART("showuser"), PART("user="), PART("/usuario"), PART("/benutzer"), PART("/mitglied"),
		PART("/utilisateur"), PART("u_id="), PART("/home/main"), PART("/space/"), PART("personal_page"),
		PART("/personals/"), PART("/customers/"), PART("/account/"), PART("/reviewer") };

	return href.n && href.n < LIMIT_RECORDS_HREF_BYTES && has_part(href, parts, sizeof(parts) / sizeof(*parts)) &&
	       !records_is_action(href);
}

struct str records_page_of(struct str url)
{
	size_t n = 0;

	while (n < url.n && url.p[n] != '?' && url.p[n] != '#')
		n++;
	while (n && url.p[n - 1] == '/')
		n--;
	return str_first(url, n);
}

bool records_is_within(const struct records_marks *m, struct str url)
{
	const struct str page = records_page_of(m->x->page->url);
	size_t slashes = 0;

	for (size_t i = 0; i < page.n; i++)
		slashes += page.p[i] == '/';
	return slashes > 2 && str_starts(url, page); /* everything goes on from a home page */
}

/* IPv4 and IPv6 addresses, told apart from versions, times and sections. */
#include "common/text/mask_net.h"

#include "common/base/utf8.h"
#include "common/text/mask_number.h"

#include <arpa/inet.h>

#define ADDRESS_MOST 45 /* characters of the longest IPv6 address */

static bool is_dot(uint32_t cp)
{
	return cp == '.' || cp == 0xFF0E;
}

/* One number of 0 to 255 without leading zeros; -1 when there is none. */
static int read_octet(struct str text, size_t *at)
{
	int value = 0, n = 0;
	const size_t from = *at;
	while (*at < text.n && n < 4) {
		const int digit = number_digit(value_at(text, *at));
		if (digit < 0)
			break;
		value = value * 10 + digit;
		n++;
		(void)utf8_next(text, at);
	}
	const bool has_zero = n > 1 && number_digit(value_at(text, from)) == 0;
	return n >= 1 && n <= 3 && value <= 255 && !has_zero ? value : -1;
}

/* 3.2.1.0 is a section or a version unless it is said to be an address; 1.1.1.1 is one of its own fame. */
static bool is_plausible(const int octet[4], struct str text, size_t at)
{
	const bool are_equal = octet[0] == octet[1] && octet[1] == octet[2] && octet[2] == octet[3];
	for (int i = 0; i < 4; i++)
		if (octet[i] > 31)
			return true;
	return (are_equal && octet[0] > 0) || value_is_labelled(text, at, LABEL_IP);
}

static bool find_v4(struct str text, size_t at, struct mask_value *out)
{
	const uint32_t before = value_before(text, at);
	int octet[4];
	size_t end = at;
	if (value_is_letter(before) || is_dot(before) || before == '-')
		return false;
	for (int i = 0; i < 4; i++) {
		octet[i] = read_octet(text, &end);
		if (octet[i] < 0 || (i < 3 && !is_dot(value_at(text, end))))
			return false;
		if (i < 3)
			(void)utf8_next(text, &end);
	}
	size_t behind = end;
	const uint32_t after = behind < text.n ? utf8_next(text, &behind) : 0;
	const bool goes_on = (is_dot(after) || after == '-') && number_digit(value_at(text, behind)) >= 0;
	if (goes_on || value_is_letter(after) || number_digit(after) >= 0 || !is_plausible(octet, text, at))
		return false;
	if (value_is_labelled(text, at, LABEL_VERSION))
		return false;
	*out = (struct mask_value){ MASK_IPV4, at, end };
	return true;
}

static bool is_of_v6(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') || c == ':';
}

static bool find_v6(struct str text, size_t at, struct mask_value *out)
{
	size_t from = at, to = at, colons = 0;
	char address[ADDRESS_MOST + 1];
	unsigned char bytes[16];
	while (from > 0 && at - from < ADDRESS_MOST && is_of_v6(text.p[from - 1]))
		colons += text.p[--from] == ':';
	while (to < text.n && to - from < ADDRESS_MOST && (is_of_v6(text.p[to]) || (text.p[to] == '.' && colons > 1)))
		colons += text.p[to++] == ':';
	while (to > from && (text.p[to - 1] == '.' || (text.p[to - 1] == ':' && text.p[to - 2] != ':')))
		to--;
	while (from < to && text.p[from] == ':' && text.p[from + 1] != ':')
		from++;
	if (colons < 2 || to - from < 6 || value_is_letter(value_before(text, from)) || value_is_letter(value_at(text, to)))
		return false;
	memcpy(address, text.p + from, to - from);
	address[to - from] = '\0';
	if (inet_pton(AF_INET6, address, bytes) != 1)
		return false;
	*out = (struct mask_value){ MASK_IPV6, from, to };
	return true;
}

bool net_find(struct str text, size_t at, struct mask_value *out)
{
	return find_v6(text, at, out) || find_v4(text, at, out);
}

/* Names of months and weekdays in the languages that pages and feeds are seen to use, and the words that may stand around a
 * date. Chinese has its own reader (dates_chinese.c). */
#include "crawler/dates_parts.h"

#include <string.h>

#define NAME_BYTES 24 /* longer words are no names: Σεπτεμβρίου has 22 */

struct name_row {
	const char *name;
	int value;
};

/* All in lower case and in the order of their bytes. Genitives, as dates use them. */
static const struct name_row month_rows[] = { { "abril", 4 }, { "agosto", 8 }, { "agustus", 8 }, { "aout", 8 }, { "août", 8 },
	{ "april", 4 }, { "aprile", 4 }, { "aprilie", 4 }, { "aralık", 12 }, { "august", 8 }, { "augusti", 8 }, { "augustus", 8 },
	{ "augusztus", 8 }, { "avril", 4 }, { "ağustos", 8 }, { "března", 3 }, { "czerwca", 6 }, { "december", 12 },
	{ "decembre", 12 }, { "decembrie", 12 }, { "desember", 12 }, { "dezember", 12 }, { "dezembro", 12 }, { "dicembre", 12 },
	{ "diciembre", 12 }, { "dubna", 4 }, { "décembre", 12 }, { "ekim", 10 }, { "elokuuta", 8 }, { "enero", 1 },
	{ "eylül", 9 }, { "febbraio", 2 }, { "feber", 2 }, { "febrero", 2 }, { "februar", 2 }, { "februari", 2 },
	{ "februarie", 2 }, { "february", 2 }, { "február", 2 }, { "fevereiro", 2 }, { "fevrier", 2 }, { "février", 2 },
	{ "gennaio", 1 }, { "giugno", 6 }, { "grudnia", 12 }, { "haziran", 6 }, { "heinäkuuta", 7 }, { "helmikuuta", 2 },
	{ "huhtikuuta", 4 }, { "ianuarie", 1 }, { "iulie", 7 }, { "iunie", 6 }, { "janeiro", 1 }, { "januar", 1 },
	{ "januari", 1 }, { "january", 1 }, { "január", 1 }, { "janvier", 1 }, { "joulukuuta", 12 }, { "juillet", 7 },
	{ "juin", 6 }, { "julho", 7 }, { "juli", 7 }, { "julio", 7 }, { "july", 7 }, { "june", 6 }, { "junho", 6 }, { "juni", 6 },
	{ "junio", 6 }, { "jänner", 1 }, { "július", 7 }, { "június", 6 }, { "kasım", 11 }, { "kesäkuuta", 6 }, { "května", 5 },
	{ "kwietnia", 4 }, { "ledna", 1 }, { "lipca", 7 }, { "listopada", 11 }, { "listopadu", 11 }, { "lokakuuta", 10 },
	{ "luglio", 7 }, { "lutego", 2 }, { "maaliskuuta", 3 }, { "maart", 3 }, { "maerz", 3 }, { "maggio", 5 }, { "mai", 5 },
	{ "maio", 5 }, { "maj", 5 }, { "maja", 5 }, { "marca", 3 }, { "march", 3 }, { "marco", 3 }, { "maret", 3 },
	{ "marraskuuta", 11 }, { "mars", 3 }, { "mart", 3 }, { "martie", 3 }, { "marts", 3 }, { "marzo", 3 }, { "março", 3 },
	{ "may", 5 }, { "mayo", 5 }, { "mayıs", 5 }, { "mei", 5 }, { "május", 5 }, { "március", 3 }, { "märz", 3 },
	{ "nisan", 4 }, { "noiembrie", 11 }, { "november", 11 }, { "novembre", 11 }, { "novembro", 11 }, { "noviembre", 11 },
	{ "ocak", 1 }, { "october", 10 }, { "octobre", 10 }, { "octombrie", 10 }, { "octubre", 10 }, { "oktober", 10 },
	{ "október", 10 }, { "ottobre", 10 }, { "outubro", 10 }, { "października", 10 }, { "prosince", 12 }, { "september", 9 },
	{ "septembre", 9 }, { "septembrie", 9 }, { "septiembre", 9 }, { "setembro", 9 }, { "settembre", 9 }, { "sierpnia", 8 },
	{ "siječnja", 1 }, { "srpna", 8 }, { "stycznia", 1 }, { "syyskuuta", 9 }, { "szeptember", 9 }, { "tammikuuta", 1 },
	{ "temmuz", 7 }, { "toukokuuta", 5 }, { "veljače", 2 }, { "września", 9 }, { "září", 9 }, { "április", 4 },
	{ "února", 2 }, { "července", 7 }, { "června", 6 }, { "října", 10 }, { "şubat", 2 }, { "Απριλίου", 4 },
	{ "Αυγούστου", 8 }, { "Δεκεμβρίου", 12 }, { "Ιανουαρίου", 1 }, { "Ιουλίου", 7 }, { "Ιουνίου", 6 }, { "Μαΐου", 5 },
	{ "Μαρτίου", 3 }, { "Νοεμβρίου", 11 }, { "Οκτωβρίου", 10 }, { "Σεπτεμβρίου", 9 }, { "Φεβρουαρίου", 2 }, { "августа", 8 },
	{ "апреля", 4 }, { "березня", 3 }, { "вересня", 9 }, { "грудня", 12 }, { "декабря", 12 }, { "жовтня", 10 }, { "июля", 7 },
	{ "июня", 6 }, { "квітня", 4 }, { "липня", 7 }, { "листопада", 11 }, { "лютого", 2 }, { "марта", 3 }, { "мая", 5 },
	{ "ноября", 11 }, { "октября", 10 }, { "сентября", 9 }, { "серпня", 8 }, { "січня", 1 }, { "травня", 5 },
	{ "февраля", 2 }, { "червня", 6 }, { "января", 1 } };

/* 0 = Monday. They say nothing that a whole date does not: "Fri," may even be wrong. */
static const struct name_row weekday_rows[] = { { "czwartek", 3 }, { "dienstag", 1 }, { "dimanche", 6 }, { "dinsdag", 1 },
	{ "domenica", 6 }, { "domingo", 6 }, { "donderdag", 3 }, { "donnerstag", 3 }, { "fredag", 4 }, { "freitag", 4 },
	{ "friday", 4 }, { "giovedì", 3 }, { "jeudi", 3 }, { "jueves", 3 }, { "lundi", 0 }, { "lunedì", 0 }, { "lunes", 0 },
	{ "lördag", 5 }, { "lørdag", 5 }, { "maandag", 0 }, { "mandag", 0 }, { "mardi", 1 }, { "martedì", 1 }, { "martes", 1 },
	{ "mercoledì", 2 }, { "mercredi", 2 }, { "mittwoch", 2 }, { "miércoles", 2 }, { "monday", 0 }, { "montag", 0 },
	{ "måndag", 0 }, { "niedziela", 6 }, { "onsdag", 2 }, { "piątek", 4 }, { "poniedziałek", 0 }, { "quarta", 2 },
	{ "quinta", 3 }, { "sabato", 5 }, { "samedi", 5 }, { "samstag", 5 }, { "saturday", 5 }, { "segunda", 0 }, { "sexta", 4 },
	{ "sobota", 5 }, { "sonnabend", 5 }, { "sonntag", 6 }, { "sunday", 6 }, { "sábado", 5 }, { "söndag", 6 }, { "søndag", 6 },
	{ "terça", 1 }, { "thursday", 3 }, { "tirsdag", 1 }, { "tisdag", 1 }, { "torsdag", 3 }, { "tuesday", 1 },
	{ "vendredi", 4 }, { "venerdì", 4 }, { "viernes", 4 }, { "vrijdag", 4 }, { "wednesday", 2 }, { "woensdag", 2 },
	{ "wtorek", 1 }, { "zaterdag", 5 }, { "zondag", 6 }, { "środa", 2 }, { "воскресенье", 6 }, { "вторник", 1 },
	{ "понедельник", 0 }, { "пятница", 4 }, { "среда", 2 }, { "суббота", 5 }, { "четверг", 3 } };

static const char *const noise[] = { "alle", "am", "and", "at", "by", "created", "date", "de", "del", "dem", "den", "der", "di",
	"edited", "el", "er", "il", "kl", "las", "last", "le", "los", "modified", "nd", "of", "om", "on", "ore", "posted",
	"published", "rd", "st", "t", "th", "the", "time", "uhr", "um", "updated", "vom", "written", "à", "às", "г", "года",
	"р" };

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

bool date_is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

struct str date_take_letters(struct date_cursor *c)
{
	const size_t start = c->at;

	while (date_is_word_byte(date_peek(c)))
		c->at++;
	return (struct str){ c->s.p + start, c->at - start };
}

/* In lower case with a NUL behind; false when it cannot be a name. */
static bool lower_word(struct str word, char out[NAME_BYTES + 1])
{
	if (word.n > NAME_BYTES || str_findc(word, '\0') >= 0)
		return false;
	for (size_t i = 0; i < word.n; i++)
		out[i] = word.p[i] >= 'A' && word.p[i] <= 'Z' ? (char)(word.p[i] + ('a' - 'A')) : word.p[i];
	out[word.n] = '\0';
	return true;
}

/* The lowest value of the names that begin with `word`, or are it. A name may be cut to three letters or more (juil., Sept), but none
 * of them may be wrong; a short form goes to the first month that has it. */
static int value_of(struct str word, const struct name_row *rows, size_t n)
{
	const size_t shortest = word.n > 0 && (unsigned char)word.p[0] >= 0x80 ? 6 : 3;
	char key[NAME_BYTES + 1];
	int value = DATE_UNKNOWN;
	size_t low = 0;

	if (word.n < 3 || (unsigned char)word.p[0] > 0xD1 || !lower_word(word, key))
		return DATE_UNKNOWN;
	for (size_t high = n; low < high;) {
		const size_t middle = (low + high) / 2;
		if (strcmp(rows[middle].name, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < n && strncmp(rows[low].name, key, word.n) == 0; low++) {
		if ((word.n >= shortest || rows[low].name[word.n] == '\0') && (value == DATE_UNKNOWN || rows[low].value < value))
			value = rows[low].value;
	}
	return value;
}

int date_month_named(struct str word)
{
	return value_of(word, month_rows, COUNT(month_rows));
}

int date_weekday_named(struct str word)
{
	if (str_ieq(word, STR("thur")) || str_ieq(word, STR("thurs")))
		return 3;
	if (str_ieq(word, STR("tues")))
		return 1;
	if (str_ieq(word, STR("weds")))
		return 2;
	/* The two letters of German newspapers: "Mo, 03.06.2024". */
	if (word.n == 2) {
		static const char *const two[] = { "Mo", "Di", "Mi", "Do", "Fr", "Sa", "So" };
		for (int i = 0; i < (int)COUNT(two); i++) {
			if (str_eqc(word, two[i]))
				return i;
		}
	}
	return value_of(word, weekday_rows, COUNT(weekday_rows));
}

bool date_is_noise(struct str word)
{
	size_t low = 0, high = COUNT(noise);
	char key[NAME_BYTES + 1];

	if (word.n == 0 || !lower_word(word, key))
		return false;
	while (low < high) {
		const size_t middle = (low + high) / 2;
		const int order = strcmp(noise[middle], key);
		if (order == 0)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

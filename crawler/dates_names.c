/* Names of months and weekdays in the languages that pages and feeds are seen to use, and the words that may stand around a
 * date. Chinese has its own reader (dates_chinese.c). */
#include "crawler/dates_parts.h"

struct name_row {
	int value;
	const char *names; /* lower case, a blank between */
};

/* English first: a short form goes to the first row that has it. Genitives, as dates use them. */
static const struct name_row month_rows[] = {
	{ 1, "january janvier januar januari enero gennaio janeiro stycznia ledna tammikuuta január ianuarie ocak января січня "
	     "jänner Ιανουαρίου siječnja" },
	{ 2, "february février fevrier februar februari febrero febbraio fevereiro lutego února helmikuuta február februarie "
	     "şubat февраля лютого Φεβρουαρίου veljače feber" },
	{ 3, "march mars märz maerz marzo março marco maart marts marca března maaliskuuta március martie mart марта березня "
	     "maret Μαρτίου" },
	{ 4, "april avril abril aprile kwietnia dubna huhtikuuta április aprilie nisan апреля квітня Απριλίου" },
	{ 5, "may mai mayo maggio maio mei maj maja května toukokuuta május mayıs мая травня Μαΐου" },
	{ 6, "june juin juni junio giugno junho czerwca června kesäkuuta június iunie haziran июня червня Ιουνίου" },
	{ 7, "july juillet juli julio luglio julho lipca července heinäkuuta július iulie temmuz июля липня Ιουλίου" },
	{ 8, "august août aout agosto augustus augusti sierpnia srpna elokuuta augusztus ağustos августа серпня agustus "
	     "Αυγούστου" },
	{ 9, "september septembre septiembre setembro settembre września září syyskuuta szeptember septembrie eylül сентября "
	     "вересня Σεπτεμβρίου" },
	{ 10, "october octobre oktober octubre ottobre outubro października října lokakuuta október octombrie ekim октября "
	      "жовтня Οκτωβρίου" },
	{ 11, "november novembre noviembre novembro listopada listopadu marraskuuta noiembrie kasım ноября листопада Νοεμβρίου" },
	{ 12, "december décembre decembre dezember diciembre dicembre dezembro desember grudnia prosince joulukuuta decembrie "
	      "aralık декабря грудня Δεκεμβρίου" },
};

/* 0 = Monday. They say nothing that a whole date does not: "Fri," may even be wrong. */
static const struct name_row weekday_rows[] = {
	{ 0, "monday lundi montag lunes lunedì segunda maandag måndag mandag poniedziałek понедельник" },
	{ 1, "tuesday mardi dienstag martes martedì terça dinsdag tisdag tirsdag wtorek вторник" },
	{ 2, "wednesday mercredi mittwoch miércoles mercoledì quarta woensdag onsdag środa среда" },
	{ 3, "thursday jeudi donnerstag jueves giovedì quinta donderdag torsdag czwartek четверг" },
	{ 4, "friday vendredi freitag viernes venerdì sexta vrijdag fredag piątek пятница" },
	{ 5, "saturday samedi samstag sonnabend sábado sabato zaterdag lördag lørdag sobota суббота" },
	{ 6, "sunday dimanche sonntag domingo domenica zondag söndag søndag niedziela воскресенье" },
};

static const char noise[] =
	"at on the of posted published updated date written by edited last modified created time de del di le den "
	"der dem am il um vom kl ore alle às à las los uhr th st nd rd er t г года р om and el";

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

/* A name may be cut to three letters or more (juil., Sept), but none of them may be wrong. */
static bool is_named(struct str word, const char *names)
{
	const size_t shortest = (unsigned char)word.p[0] >= 0x80 ? 6 : 3;
	struct str rest = str_of(names), name;

	while (word.n >= 3 && str_split(&rest, ' ', &name)) {
		if (str_ieq(name, word) || (word.n >= shortest && str_istarts(name, word)))
			return true;
	}
	return false;
}

static int value_of(struct str word, const struct name_row *rows, size_t n)
{
	for (size_t i = 0; word.n >= 3 && i < n; i++) {
		if (is_named(word, rows[i].names))
			return rows[i].value;
	}
	return DATE_UNKNOWN;
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
	struct str rest = str_of(noise), name;

	while (str_split(&rest, ' ', &name)) {
		if (str_ieq(name, word))
			return true;
	}
	return false;
}

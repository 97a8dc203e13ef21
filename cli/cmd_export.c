/* earshot export: everything that is held of a person, as JSON lines: GDPR article 15, PIPL article 45. */
#include "cli/commands.h"

#include "cli/people.h"

#include <stdio.h>

static const struct option_row export_options[] = {
	{ "config", true, "configuration file" },
	{ "redis", true, "URL of Redis" },
	{ "subject", true, "who: SOURCE:NAME as the site shows it, or the pseudonym a:…" },
	{ "archive", true, "folder of the archive (default: that of the settings)" },
	{ NULL, false, NULL },
};

static enum outcome run(struct people *w, struct stored *s, const char *subject, struct err *e)
{
	uint64_t found = 0;
	enum outcome done = people_open(w, s, subject, NULL, e);
	if (done == OK)
		done = people_walk(w, PEOPLE_FIND, NULL, e);
	if (done == OK) {
		people_want_found(w);
		done = people_walk(w, PEOPLE_SHOW, NULL, e);
	}
	for (size_t i = 0; i < people_nplaces; i++)
		found += w->tally[i].found;
	if (done == OK && found == 0) {
		(void)fprintf(stderr, "earshot: nothing is held of them\n");
		s->code = EXIT_NO;
	}
	return done;
}

int cmd_export(int argc, char **argv)
{
	struct stored s;
	struct err e = { 0 };
	if (stored_open(&s, export_options, argc, argv)) {
		struct people w = { 0 };
		const char *subject = options_value(&s.session.options, "subject");
		if (subject == NULL || s.session.options.noperands > 0)
			s.code = command_usage_error(
				command_find("export"), "say of whom: --subject SOURCE:NAME or --subject a:…");
		else if (run(&w, &s, subject, &e) != OK)
			stored_fail(&s, &e);
		people_close(&w);
	}
	return stored_close(&s);
}

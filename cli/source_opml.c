/* earshot source import, earshot source export: subscription lists. */
#include "cli/source_commands.h"

#include <earshot/limits.h>

#include "cli/source_file.h"
#include "cli/source_view.h"
#include "common/base/file.h"
#include "crawler/opml.h"
#include "crawler/source_draft.h"

#include <stdio.h>
#include <stdlib.h>

static const struct option_row import_options[] = {
	{ "config", true, "configuration file" },
	{ "family", true, "of feeds whose folders are not called like one" },
	{ "every", true, "polling interval of all of them, as 10m" },
	{ "file", true, "file of a feeds folder to write to; default: local.conf" },
	{ "dry-run", false, "print the sections, write nothing" },
	{ NULL, false, NULL },
};
static const struct option_row export_options[] = {
	{ "config", true, "configuration file" },
	{ "opml", false, "as OPML 2.0, the only form there is" },
	{ NULL, false, NULL },
};

/* ---- import ---- */

struct import {
	struct session *s;
	struct source_known known;
	struct opml opml;
	size_t known_already, written;
};

static void write_sections(struct import *x, struct buf *out)
{
	struct session *s = x->s;
	for (size_t i = 0; i < x->opml.n; i++) {
		const struct opml_feed *feed = &x->opml.feed[i];
		const struct str address = source_known_address(&s->arena, feed->url);
		struct source_draft d = {
			.url = feed->url, .title = feed->title, .folder = feed->folder, .family = feed->family
		};
		if (source_known_find(&x->known.address, address) != NULL) {
			x->known_already++;
			continue;
		}
		if (d.family.n == 0)
			d.family = str_of(options_value(&s->options, "family"));
		d.every = str_of(options_value(&s->options, "every"));
		d.id = source_draft_id(&s->arena, &d, &x->known);
		source_known_add(&x->known.id, d.id);
		source_known_add(&x->known.address, address);
		source_draft_write(out, &d);
		x->written++;
	}
}

static void say_counts(const struct import *x)
{
	const struct opml *o = &x->opml;
	fprintf(stderr, "%zu feeds: %zu new, %zu known already\n", o->n, x->written, x->known_already);
	if (o->repeated > 0)
		fprintf(stderr, "  %zu repeat an address of the list and are passed over\n", o->repeated);
	if (o->refused > 0)
		fprintf(stderr, "  %zu cannot be fetched, the first is \"%.*s\"; they are passed over\n", o->refused,
			STR_FMT(o->refused_first));
	if (o->dropped > 0)
		fprintf(stderr, "  %zu are beyond the %d that one list may have; split the file\n", o->dropped, LIMIT_OPML_FEEDS);
	if (o->why != NULL)
		fprintf(stderr, "  the file is ill-formed (%s) and was read as far as it goes\n", o->why);
}

static enum outcome import(struct import *x, struct err *e)
{
	struct session *s = x->s;
	struct str bytes;
	struct buf sections;
	enum outcome done = file_read(&s->arena, s->options.operand[0], LIMIT_OPML_BYTES, &bytes, e);
	if (done == OK)
		done = opml_read(&s->arena, bytes, &x->opml, e);
	if (done != OK)
		return done;
	buf_init(&sections, LIMIT_CONF_BYTES);
	write_sections(x, &sections);
	const struct str text = arena_copy(&s->arena, buf_str(&sections));
	const bool is_cut = sections.overflow;
	buf_release(&sections);
	if (is_cut)
		return err_set(
			e, REJECT, "the sections are larger than a file may be (%u bytes); split the list", LIMIT_CONF_BYTES);
	say_counts(x);
	if (x->written == 0)
		return OK;
	if (options_has(&s->options, "dry-run")) {
		printf("%.*s", STR_FMT(str_from(text, 1)));
		return OK;
	}
	return source_file_add(s, text, e);
}

static int run_import(struct session *s, int argc, char **argv)
{
	(void)argc;
	struct import x = { .s = s };
	struct source_list list = { 0 };
	struct err e = { 0 };
	int code = EXIT_CONFIG;
	if (s->options.noperands != 1)
		return command_usage_error(command_find(argv[0]), "which file? Give an OPML file, or - for standard input");
	if (source_view_load(s, &list)) {
		source_known_init(&s->arena, &list, LIMIT_OPML_FEEDS, &x.known);
		code = import(&x, &e) == OK ? EXIT_OK : command_fail(&e);
	}
	sources_release(&list);
	return code;
}

/* ---- export ---- */

static int compare_feeds(const void *x, const void *y)
{
	const struct opml_feed *a = x, *b = y;
	const int order = str_cmp(a->family, b->family);
	return order != 0 ? order : str_cmp(a->title, b->title);
}

/* What another reader could read: feeds, be they switched off or not. */
static size_t export_list(const struct source *list, size_t n, struct opml_feed *out)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++)
		if (list[i].how->kind == SOURCE_FEED && list[i].how->recipe == NULL)
			out[kept++] =
				(struct opml_feed){ .url = list[i].url, .title = list[i].id, .family = list[i].how->family };
	return kept;
}

static int run_export(struct session *s)
{
	struct source_list list = { 0 };
	struct buf out;
	if (!source_view_load(s, &list)) {
		sources_release(&list);
		return EXIT_CONFIG;
	}
	struct opml_feed *feed = arena_list(&s->arena, struct opml_feed, list.n + list.noff + 1);
	size_t n = export_list(list.source, list.n, feed);
	n += export_list(list.off, list.noff, feed + n);
	qsort(feed, n, sizeof *feed, compare_feeds);
	buf_init(&out, (size_t)64 << 20);
	opml_write(&out, feed, n);
	const bool fine = fwrite(buf_str(&out).p, 1, out.n, stdout) == out.n && fflush(stdout) == 0 && !out.overflow;
	fprintf(stderr, "%zu feeds; %zu other sources are no feeds and left out\n", n, list.n + list.noff + list.npushed - n);
	buf_release(&out);
	sources_release(&list);
	return fine ? EXIT_OK : EXIT_NO;
}

int source_import(int argc, char **argv)
{
	struct session s = { 0 };
	int code = EXIT_USAGE;
	if (command_open(&s, import_options, argc, argv, &code))
		code = run_import(&s, argc, argv);
	command_close(&s);
	return code;
}

int source_export(int argc, char **argv)
{
	struct session s = { 0 };
	int code = EXIT_USAGE;
	if (command_open(&s, export_options, argc, argv, &code)) {
		if (!options_has(&s.options, "opml") || s.options.noperands > 0)
			code = command_usage_error(command_find(argv[0]), "say in which form: --opml");
		else
			code = run_export(&s);
	}
	command_close(&s);
	return code;
}

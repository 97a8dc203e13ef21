/* The notifier's loop: outbox entries become deliveries, deliveries leave, answers are settled. One blocking point: http_wait(). */
#include "notifier/main.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/metrics.h"
#include "common/base/proc.h"
#include "common/store/notices.h"
#include "common/store/outbox.h"
#include "common/store/procs.h"
#include "common/store/role.h"
#include "notifier/desk.h"

#include <stdio.h>
#include <string.h>

#define WAIT_MS 250
#define LOOK_MS 200 /* between two looks at a brand's outbox … */
#define LOOK_MANY_MS 1000 /* … when this process has more than MANY of them */
#define MANY 100
#define BRANDS_MS 3000 /* brands may be published at any time */
#define DRAIN_MS 5000
#define DUE_PAGE 64 /* deliveries looked at, a brand and look … */
#define DUE_MOST 512 /* … and when the first of them all wait for slow targets */
#define POSTPONE_MS 5000
#define NAMES_BYTES ((size_t)8 << 20)
#define UNREADABLE_BYTES 2048 /* of a broken entry, shown in the dead letters */

/* When and how far to look into a brand's deliveries. */
struct look {
	int64_t at_ms; /* monotonic */
	size_t page;
	bool waiting; /* deliveries are due whose target was busy: look again as soon as anything has moved */
};

struct notifier {
	struct role role;
	struct http *http;
	struct desk *desk;
	struct book *book;
	struct arena brand, entry; /* of one look at a brand, and of one outbox entry in it: a backlog stays within its caps */
	struct arena names; /* brand ids: they live as long as their leases */
	struct lease
		lease[LIMIT_BRANDS +
			1]; /* the operators' first; only ever longer: a brand that is not published any more may still have alerts */
	struct look look[LIMIT_BRANDS + 1];
	int64_t brands_ms;
	size_t first; /* brand looked at first in this turn, so that none is always last */
	int64_t backlog;
};

static struct desk_store store_of(struct notifier *n)
{
	return (struct desk_store){ n->role.redis, &n->brand };
}

static struct partition partition_of(struct notifier *n, struct arena *a, const struct lease *l)
{
	return (struct partition){ .redis = n->role.redis, .arena = a, .brand = l->partition, .lease = l };
}

/* ---- routes ---- */

static void say_problems(const struct problems *p)
{
	struct buf text;
	buf_init(&text, 256u << 10);
	problems_write(p, &text);
	(void)fwrite(buf_str(&text).p, 1, text.n, stderr);
	buf_release(&text);
}

static struct book *load_routes(const struct settings *s)
{
	struct problems p;
	problems_init(&p);
	struct book *book = book_load(s->rules_folder, s->rules.n, &p);
	say_problems(&p);
	if (book)
		log_event(LOG_INFO, EV_config_loaded, "targets=%zu routes=%zu", book->routes.ntargets, book->routes.nroutes);
	else
		log_event(LOG_ERROR, EV_config_error, "file=routes.conf errors=%zu", p.errors);
	problems_release(&p);
	return book;
}

static void reload(struct notifier *n)
{
	struct book *book = load_routes(n->role.settings);
	if (!book)
		return;
	book_drop(n->book);
	n->book = book;
}

/* ---- brands ---- */

static bool wants_brand(const struct notifier *n, struct str id)
{
	for (size_t i = 0; i < n->role.nleases; i++)
		if (str_eq(n->lease[i].partition, id))
			return true;
	return false;
}

static void add_partition(struct notifier *n, struct str id)
{
	n->look[n->role.nleases] = (struct look){ .page = DUE_PAGE };
	n->lease[n->role.nleases++] = (struct lease){ .role = LEASE_NOTIFIER, .partition = arena_copy(&n->names, id) };
	n->role.next_lease_ms = 0; /* ask for it in the next turn */
}

static enum outcome refresh_brands(struct notifier *n, struct err *e)
{
	int64_t now = clock_monotonic_ms();
	struct brand_row *row = NULL;
	size_t nrows = 0;
	if (now < n->brands_ms)
		return OK;
	enum outcome o = procs_brands(n->role.redis, &n->role.arena, &row, &nrows, e);
	if (o != OK)
		return o;
	n->brands_ms = now + BRANDS_MS;
	for (size_t i = 0; i < nrows && n->role.nleases <= LIMIT_BRANDS; i++) {
		if (wants_brand(n, row[i].id))
			continue;
		add_partition(n, row[i].id);
	}
	return OK;
}

/* ---- outbox → deliveries ---- */

/* An entry that cannot be read becomes a delivery to nobody, which ends in the dead-letter list with its reason. What was
 * written there goes along as a string, so that a person can look at it. */
static enum outcome plan_unreadable(struct notifier *n, const struct lease *l, const struct outbox_entry *entry, struct err *e)
{
	const struct str nobody = STR("unreadable");
	struct outbox_entry shown = { .entry_id = entry->entry_id };
	struct str event = arena_printf(&n->entry, "entry-%.*s", STR_FMT(entry->entry_id));
	struct buf text;
	buf_init(&text, UNREADABLE_BYTES * 8);
	buf_addc(&text, '{');
	buf_json_str(&text, "unreadable", str_cut_utf8(entry->alert_json, UNREADABLE_BYTES));
	buf_addc(&text, '}');
	shown.alert_json = arena_copy(&n->entry, buf_str(&text));
	buf_release(&text);
	const struct partition p = partition_of(n, &n->entry, l);
	const struct outbox_plan plan = { event, &nobody, 1, clock_now_ms() };
	return outbox_plan(&p, &shown, &plan, e);
}

static enum outcome plan_entry(struct notifier *n, const struct lease *l, const struct outbox_entry *entry, struct err *e)
{
	struct arena *a = &n->entry;
	struct alert *alert = arena_new(a, struct alert);
	const struct target **target = NULL;
	if (entry->alert_json.n > LIMIT_ALERT_BYTES || alert_parse(a, entry->alert_json, alert, e) != OK)
		return plan_unreadable(n, l, entry, e);
	size_t ntargets = route_targets(a, &n->book->routes, alert, &target);
	struct str *name = arena_list(a, struct str, ntargets + 1);
	for (size_t i = 0; i < ntargets; i++)
		name[i] = target[i]->name;
	const struct partition p = partition_of(n, a, l);
	const struct outbox_plan plan = { alert->event_id, name, ntargets, clock_now_ms() };
	return outbox_plan(&p, entry, &plan, e);
}

/* The same for a notice: every target of the operators. */
static enum outcome plan_notice(struct notifier *n, const struct lease *l, const struct outbox_entry *entry, struct err *e)
{
	struct arena *a = &n->entry;
	struct notice notice;
	struct str *name = NULL;
	if (entry->alert_json.n > LIMIT_ALERT_BYTES || notice_parse(a, entry->alert_json, &notice, e) != OK)
		return plan_unreadable(n, l, entry, e);
	const size_t ntargets = routes_operators(a, &n->book->routes, &name);
	const struct partition p = partition_of(n, a, l);
	const struct outbox_plan plan = { notice.id, name, ntargets, clock_now_ms() };
	return outbox_plan(&p, entry, &plan, e);
}

static enum outcome plan_brand(struct notifier *n, const struct lease *l, struct err *e)
{
	struct outbox_entry *entry = NULL;
	size_t nentries = 0;
	const struct partition p = partition_of(n, &n->brand, l);
	enum outcome o = outbox_read(&p, &entry, &nentries, e);
	for (size_t i = 0; i < nentries && o == OK; i++) {
		arena_reset(&n->entry);
		o = str_eqc(l->partition, NOTICE_PARTITION) ? plan_notice(n, l, &entry[i], e) : plan_entry(n, l, &entry[i], e);
	}
	return o;
}

/* ---- deliveries → the desk ---- */

static enum outcome postpone(struct notifier *n, const struct lease *l, const struct delivery *d, struct err *e)
{
	const struct partition p = partition_of(n, &n->brand, l);
	return outbox_settle(&p, d, SETTLE_RETRY, clock_now_ms() + POSTPONE_MS, STR("waits for its turn: the target is busy"), e);
}

/* A page full of deliveries that all wait for busy targets hides those behind it: look further, and at the end of that send
 * these to the back for a while. */
static enum outcome look_further(struct notifier *n, size_t i, const struct delivery *due, size_t ndue, struct err *e)
{
	enum outcome o = OK;
	if (n->look[i].page < DUE_MOST) {
		n->look[i].page = DUE_MOST;
		return OK;
	}
	for (size_t k = 0; k < ndue && o == OK; k++)
		o = postpone(n, &n->lease[i], &due[k], e);
	return o;
}

static enum outcome deliver_brand(struct notifier *n, size_t i, struct err *e)
{
	const struct desk_store store = store_of(n);
	struct look *look = &n->look[i];
	struct delivery *due = NULL;
	size_t ndue = 0, waiting = 0;
	const struct partition p = partition_of(n, &n->brand, &n->lease[i]);
	enum outcome o = outbox_due(&p, clock_now_ms(), look->page, &due, &ndue, e);
	if (o != OK)
		return o;
	n->backlog += (int64_t)ndue;
	for (size_t k = 0; k < ndue; k++) {
		o = desk_take_on(n->desk, &store, n->book, &n->lease[i], &due[k], e);
		if (o != OK && o != SKIP)
			return o;
		waiting += o == SKIP;
	}
	look->waiting = waiting > 0;
	if (ndue == look->page && waiting == ndue)
		return look_further(n, i, due, ndue, e);
	look->page = DUE_PAGE;
	return OK;
}

static enum outcome serve_brand(struct notifier *n, size_t i, struct err *e)
{
	int64_t now = clock_monotonic_ms();
	struct look *look = &n->look[i];
	if (!n->lease[i].held || (now < look->at_ms && !look->waiting))
		return OK;
	look->at_ms = now + (n->role.nleases > MANY ? LOOK_MANY_MS : LOOK_MS);
	arena_reset(&n->brand);
	enum outcome o = plan_brand(n, &n->lease[i], e);
	return o == OK ? deliver_brand(n, i, e) : o;
}

/* A lost lease ends the work on its brand only; trouble with Redis ends the turn. */
static enum outcome serve_brands(struct notifier *n, struct err *e)
{
	size_t nbrands = n->role.nleases;
	n->backlog = 0;
	for (size_t k = 0; k < nbrands; k++) {
		size_t i = (n->first + k) % nbrands;
		enum outcome o = serve_brand(n, i, e);
		if (o == RETRY || o == STOP)
			return o;
		if (o == REJECT) {
			n->lease[i].held = false; /* until the next renewal says otherwise */
			role_trouble(&n->role, o, e);
		}
	}
	n->first = nbrands > 0 ? (n->first + 1) % nbrands : 0;
	metrics_set(M_backlog, n->backlog);
	return OK;
}

/* ---- the loop ---- */

static void work_with_redis(struct notifier *n)
{
	struct err e = { 0 };
	const struct desk_store store = store_of(n);
	enum outcome o = desk_settle(n->desk, &store, &e);
	if (o == OK)
		o = refresh_brands(n, &e);
	if (o == OK)
		o = serve_brands(n, &e);
	if (o != OK)
		role_trouble(&n->role, o, &e);
}

static void turn(struct notifier *n)
{
	arena_reset(&n->brand);
	if (n->role.reload)
		reload(n);
	if (n->role.ready)
		work_with_redis(n);
	desk_turn(n->desk);
	/* What is done already (files, refusals) is settled at once, not after a wait. */
	struct err e = { 0 };
	const struct desk_store store = store_of(n);
	int before = desk_in_flight(n->desk);
	enum outcome o = n->role.ready ? desk_settle(n->desk, &store, &e) : OK;
	if (o != OK)
		role_trouble(&n->role, o, &e);
	http_wait(n->http, desk_in_flight(n->desk) < before ? 0 : WAIT_MS, -1);
	desk_turn(n->desk);
}

/* Transfers in flight may finish; what does not is due again when its attempt runs out. */
static void drain(struct notifier *n)
{
	struct err e = { 0 };
	int64_t end_ms = clock_monotonic_ms() + DRAIN_MS;
	while (desk_in_flight(n->desk) > 0 && clock_monotonic_ms() < end_ms) {
		const struct desk_store store = store_of(n);
		http_wait(n->http, WAIT_MS / 5, -1);
		desk_turn(n->desk);
		if (!redis_connected(n->role.redis) || desk_settle(n->desk, &store, &e) != OK)
			return;
	}
}

static int run(struct notifier *n)
{
	while (role_turn(&n->role))
		turn(n);
	drain(n);
	return n->role.exit_code;
}

int notifier_main(const struct settings *settings)
{
	static struct notifier n; /* 100 KB: not for the stack */
	struct err e = { 0 };
	memset(&n, 0, sizeof(n));
	if (role_init(&n.role, "notifier", settings, &e) != OK) {
		(void)fprintf(stderr, "earshot notifier: %s\n", e.text);
		return EXIT_CONFIG;
	}
	n.role.lease = n.lease;
	arena_init(&n.names, NAMES_BYTES);
	arena_init(&n.brand, LIMIT_ARENA_BYTES);
	arena_init(&n.entry, LIMIT_ARENA_BYTES);
	add_partition(&n, STR(NOTICE_PARTITION));
	n.book = load_routes(settings);
	int code = EXIT_CONFIG;
	if (n.book) {
		http_library_init();
		n.http = http_new(
			arena_printf(&n.names, "%.*s/%s", STR_FMT(settings->user_agent), EARSHOT_VERSION).p, LIMIT_DELIVERIES);
		n.desk = desk_new(n.http, settings->data);
		code = run(&n);
		http_free(n.http); /* before the desk: transfers borrow their bodies from it */
		desk_free(n.desk);
		book_drop(n.book);
	}
	role_release(&n.role);
	arena_release(&n.entry);
	arena_release(&n.brand);
	arena_release(&n.names);
	return code;
}

/* Bench "pipeline": mentions a second through stream -> detector -> commit, as a ratio of what bare XADD, XREADGROUP and XACK
 * do with the very same entries (posts of 500 bytes of text) in the same run; and what a mention costs in memory. */
#include "cli/bench.h"

#include <earshot/limits.h>

#include "cli/embedded.h"
#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/post.h"
#include "common/base/proc.h"
#include "common/text/entry.h"
#include "common/text/lang.h"
#include "detector/detector.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BRANDS 20
#define POSTS 20000
#define TEXT_BYTES 500
#define CHUNK LIMIT_BATCH
#define SPREAD_MS (10 * MS_PER_MINUTE) /* the posts of a run were written within so long */

struct bench_posts {
	struct str *text, *entry;
	int *brand;
	struct arena arena;
};

struct pipeline_bench {
	struct embedded server;
	struct redis *redis;
	struct rulebook *book;
	struct detector detector;
	struct bench_posts posts;
	struct arena batch;
	int64_t now_ms;
};

/* One word in six is a rule's, about what real complaints hold; the rest is everyday talk. */
static const char *const telling[] = { "退款", "质量很差", "客服态度", "物流太慢", "非常满意", "refund", "terrible", "love it",
	"crashing", "失望" };
static const char *const words[] = { "今天", "我们", "在门店", "看到", "yesterday", "we went", "and then", "订单", "手机",
	"the screen", "两个", "星期", "a friend", "said that", "路上", "公司", "because", "of the", "新的", "颜色", "Monday",
	"in town", "然后", "他们", "说明", "with it", "朋友", "下午", "around", "the box" };
#define PICK(list, random) list[next_random(random) % (sizeof list / sizeof *list)]

/* A small fixed generator: the same posts in every run and on every machine. */
static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static struct str make_text(struct arena *a, uint32_t *random, int brand, int number)
{
	struct buf out;
	buf_init(&out, TEXT_BYTES * 2);
	buf_addf(&out, "品牌%02d号 brand%02dx #%d ", brand, brand, number);
	while (out.n < TEXT_BYTES) {
		buf_addz(&out, next_random(random) % 6 == 0 ? PICK(telling, random) : PICK(words, random));
		buf_addz(&out, next_random(random) % 4 == 0 ? "，" : " ");
	}
	const struct str text = arena_copy(a, str_cut_utf8(buf_str(&out), TEXT_BYTES));
	buf_release(&out);
	return text;
}

/* Zipf weights: brand k gets a share proportional to 1/k. */
static int pick_brand(uint32_t *random)
{
	double total = 0;
	for (int k = 1; k <= BRANDS; k++)
		total += 1.0 / k;
	double at = total * (double)(next_random(random) % 100000) / 100000.0;
	for (int k = 1; k <= BRANDS; k++) {
		at -= 1.0 / k;
		if (at < 0)
			return k - 1;
	}
	return BRANDS - 1;
}

static struct str make_entry(struct pipeline_bench *b, struct str text, int brand, int number, int64_t posted_ms)
{
	struct post p;
	struct buf out;
	struct arena *a = &b->posts.arena;
	post_init(&p);
	const struct str native = arena_printf(a, "bench-%d", number);
	p.id = post_make_id(a, STR("bench"), native);
	p.source = STR("bench");
	p.family = STR("forum");
	p.native_id = native;
	p.url = arena_printf(a, "https://forum.example/t/%d", number);
	p.author = STR("a:00112233445566778899aabbccddeeff");
	p.text = text;
	p.lang = str_of(lang_guess(text, STR("")));
	p.posted_ms = posted_ms;
	p.fetched_ms = b->now_ms;
	const struct entry entry = { .brand = b->book->brand[brand].id, .rulebook = str_of(b->book->version), .post = &p };
	buf_init(&out, LIMIT_STREAM_ENTRY_BYTES);
	entry_write(&out, &entry);
	const struct str json = arena_copy(a, buf_str(&out));
	buf_release(&out);
	return json;
}

static void make_posts(struct pipeline_bench *b, uint32_t seed)
{
	struct bench_posts *p = &b->posts;
	uint32_t random = seed;
	b->now_ms = clock_now_ms();
	arena_reset(&p->arena);
	p->text = arena_list(&p->arena, struct str, POSTS);
	p->entry = arena_list(&p->arena, struct str, POSTS);
	p->brand = arena_list(&p->arena, int, POSTS);
	for (int i = 0; i < POSTS; i++) {
		p->brand[i] = pick_brand(&random);
		p->text[i] = make_text(&p->arena, &random, p->brand[i], i);
		p->entry[i] = make_entry(b, p->text[i], p->brand[i], i, b->now_ms - SPREAD_MS + (int64_t)i * SPREAD_MS / POSTS);
	}
}

static enum outcome ask(struct pipeline_bench *b, const char *const *arg, size_t n, struct err *e)
{
	struct command c = command_new(&b->batch, n);
	const struct reply *reply = NULL;
	for (size_t i = 0; i < n; i++)
		command_addz(&c, arg[i]);
	const enum outcome done = redis_ask(b->redis, &c, &reply, e);
	redis_done(b->redis);
	return done;
}

static enum outcome flush_all(struct pipeline_bench *b, struct err *e)
{
	const char *const command[] = { "FLUSHALL", "SYNC" };
	return ask(b, command, 2, e);
}

static enum outcome take_all(struct pipeline_bench *b, size_t n, struct err *e)
{
	enum outcome done = redis_flush(b->redis, e);
	const struct reply *reply = NULL;
	for (size_t i = 0; i < n && done == OK; i++)
		done = redis_take(b->redis, &reply, e);
	redis_done(b->redis);
	return done;
}

static struct str raw_key(struct arena *a, int brand)
{
	return arena_printf(a, "raw:{%d}", brand);
}

static enum outcome raw_groups(struct pipeline_bench *b, struct err *e)
{
	enum outcome done = OK;
	for (int k = 0; k < BRANDS && done == OK; k++) {
		const struct str key = raw_key(&b->batch, k);
		const char *const command[] = { "XGROUP", "CREATE", key.p, "g", "0", "MKSTREAM" };
		done = ask(b, command, 6, e);
	}
	return done;
}

static enum outcome raw_append(struct pipeline_bench *b, struct err *e)
{
	enum outcome done = OK;
	for (int i = 0; i < POSTS && done == OK; i += CHUNK) {
		const int n = POSTS - i < CHUNK ? POSTS - i : CHUNK;
		arena_reset(&b->batch);
		for (int k = i; k < i + n; k++) {
			struct command c = command_new(&b->batch, 5);
			command_addz(&c, "XADD");
			command_add(&c, raw_key(&b->batch, b->posts.brand[k]));
			command_addz(&c, "*");
			command_addz(&c, "post");
			command_add(&c, b->posts.entry[k]);
			redis_queue(b->redis, &c);
		}
		done = take_all(b, (size_t)n, e);
	}
	return done;
}

static void queue_read(struct pipeline_bench *b, int brand)
{
	struct command c = command_new(&b->batch, 9);
	const char *const head[] = { "XREADGROUP", "GROUP", "g", "c", "COUNT" };
	for (size_t i = 0; i < 5; i++)
		command_addz(&c, head[i]);
	command_int(&c, CHUNK);
	command_addz(&c, "STREAMS");
	command_add(&c, raw_key(&b->batch, brand));
	command_addz(&c, ">");
	redis_queue(b->redis, &c);
}

static size_t queue_ack(struct pipeline_bench *b, int brand, const struct reply *read)
{
	const struct reply *entries = reply_at(reply_at(read, 0), 1);
	const size_t n = reply_size(entries);
	if (n == 0)
		return 0;
	struct command c = command_new(&b->batch, n + 3);
	command_addz(&c, "XACK");
	command_add(&c, raw_key(&b->batch, brand));
	command_addz(&c, "g");
	for (size_t i = 0; i < n; i++)
		command_add(&c, reply_str(reply_at(reply_at(entries, i), 0)));
	redis_queue(b->redis, &c);
	return n;
}

/* Reads and acknowledges all brands in one pipeline a turn, as the detector does. */
static enum outcome raw_drain(struct pipeline_bench *b, struct err *e)
{
	enum outcome done = OK;
	size_t left = POSTS;
	while (left > 0 && done == OK) {
		size_t acks = 0;
		const struct reply *reply = NULL;
		arena_reset(&b->batch);
		for (int k = 0; k < BRANDS; k++)
			queue_read(b, k);
		done = redis_flush(b->redis, e);
		for (int k = 0; k < BRANDS && done == OK; k++) {
			done = redis_take(b->redis, &reply, e);
			const size_t n = done == OK ? queue_ack(b, k, reply) : 0;
			left -= n;
			acks += n > 0;
			if (n > 0)
				done = redis_flush(b->redis, e);
		}
		if (done == OK)
			done = take_all(b, acks, e);
	}
	return done;
}

static enum outcome run_raw(struct pipeline_bench *b, double *per_second, struct err *e)
{
	enum outcome done = flush_all(b, e);
	if (done == OK)
		done = raw_groups(b, e);
	const int64_t start = clock_monotonic_us();
	if (done == OK)
		done = raw_append(b, e);
	if (done == OK)
		done = raw_drain(b, e);
	*per_second = POSTS / ((double)(clock_monotonic_us() - start) / 1e6);
	return done;
}

static struct partition partition_of(struct pipeline_bench *b, struct str brand)
{
	return (struct partition){ .redis = b->redis, .arena = &b->batch, .brand = brand };
}

static enum outcome append_entries(struct pipeline_bench *b, struct err *e)
{
	enum outcome done = OK;
	for (int i = 0; i < POSTS && done == OK; i += CHUNK) {
		const int n = POSTS - i < CHUNK ? POSTS - i : CHUNK;
		arena_reset(&b->batch);
		for (int k = i; k < i + n; k++) {
			const struct partition p = partition_of(b, b->book->brand[b->posts.brand[k]].id);
			posts_append(&p, b->posts.entry[k]);
		}
		done = redis_flush(b->redis, e);
		if (done == OK)
			done = posts_append_settle(b->redis, (size_t)n, e);
		redis_done(b->redis);
	}
	return done;
}

static enum outcome drain(struct pipeline_bench *b, struct err *e)
{
	bool more = true;
	enum outcome done = OK;
	while (more && done == OK) {
		arena_reset(&b->batch);
		done = detector_batches(&b->detector, &b->batch, &more, e);
		redis_done(b->redis);
	}
	return done;
}

/* Leases and groups as a detector has them after its first turn. */
static enum outcome prepare(struct pipeline_bench *b, struct err *e)
{
	bool more = false;
	enum outcome done = flush_all(b, e);
	detector_forget(&b->detector);
	for (size_t i = 0; i < b->detector.nbrands; i++)
		b->detector.lease[i].token[0] = '\0';
	if (done == OK)
		done = lease_renew(b->redis, &b->batch, b->detector.lease, b->detector.nbrands, STR("bench"), e);
	if (done == OK)
		done = detector_wishes(&b->detector, &b->batch, b->now_ms, e);
	if (done == OK)
		done = detector_batches(&b->detector, &b->batch, &more, e);
	redis_done(b->redis);
	return done;
}

static enum outcome used_memory(struct pipeline_bench *b, double *bytes, struct err *e)
{
	struct str text = { 0 };
	const enum outcome done = redis_info(b->redis, &b->batch, "memory", "used_memory", &text, e);
	(void)str_to_double(text, bytes);
	return done;
}

struct pipeline_result {
	double per_second, cpu_us, bytes_a_mention, counted;
};

static enum outcome check_counts(struct pipeline_bench *b, struct pipeline_result *out, struct err *e)
{
	enum outcome done = OK;
	for (size_t i = 0; i < b->detector.nbrands && done == OK; i++) {
		int64_t mentions = 0, waiting = 0;
		const struct partition p = partition_of(b, b->detector.brand[i].id);
		done = posts_total(&p, &mentions, &waiting, e);
		out->counted += (double)mentions;
	}
	if (done == OK && (int)out->counted != POSTS)
		return err_set(e, STOP, "%.0f of %d posts were counted: the bench measured nothing", out->counted, POSTS);
	return done;
}

static enum outcome trim_all(struct pipeline_bench *b, struct err *e)
{
	int64_t backlog = 0;
	return detector_housekeeping(&b->detector, &b->batch, b->now_ms + MS_PER_MINUTE, &backlog, e);
}

static enum outcome run_pipeline(struct pipeline_bench *b, struct pipeline_result *out, struct err *e)
{
	double before = 0, after = 0;
	*out = (struct pipeline_result){ 0 };
	enum outcome done = prepare(b, e);
	if (done == OK)
		done = used_memory(b, &before, e);
	const int64_t cpu = clock_cpu_us(), start = clock_monotonic_us();
	if (done == OK)
		done = append_entries(b, e);
	if (done == OK)
		done = drain(b, e);
	out->per_second = POSTS / ((double)(clock_monotonic_us() - start) / 1e6);
	out->cpu_us = (double)(clock_cpu_us() - cpu) / POSTS;
	if (done == OK)
		done = trim_all(b, e);
	if (done == OK)
		done = used_memory(b, &after, e);
	out->bytes_a_mention = (after - before) / POSTS;
	return done == OK ? check_counts(b, out, e) : done;
}

/* Twenty brands beside the shipped rules. */
static enum outcome load_rules(struct pipeline_bench *b, const struct settings *s, struct err *e)
{
	struct buf conf;
	struct problems problems;
	const char *folder = arena_printf(&b->posts.arena, "%s/rules", b->server.folder).p;
	buf_init(&conf, 64u << 10);
	for (int k = 0; k < BRANDS; k++)
		buf_addf(&conf, "[brand bench-%02d]\nname = 品牌%02d\naliases = 品牌%02d号, brand%02dx\n\n", k, k, k, k);
	enum outcome done = file_mkdirs(folder, 0700, e);
	if (done == OK)
		done = file_write(arena_printf(&b->posts.arena, "%s/brands.conf", folder).p, buf_str(&conf), 0600, e);
	buf_release(&conf);
	if (done != OK)
		return done;
	const char **folders = arena_list(&b->posts.arena, const char *, s->rules.n + 1);
	memcpy(folders, s->rules_folder, s->rules.n * sizeof *folders);
	folders[s->rules.n] = folder;
	problems_init(&problems);
	b->book = rulebook_load(folders, s->rules.n + 1, &problems);
	if (b->book == NULL)
		done = err_set(e, STOP, "the rules cannot be loaded: %s", problems.n > 0 ? problems.list[0].text : "no reason");
	problems_release(&problems);
	return done;
}

static void tell(const struct bench_run *run, double *raw, double *rate, double *cpu, double *bytes)
{
	const size_t n = (size_t)run->runs;
	double ratio[64];
	for (size_t i = 0; i < n; i++)
		ratio[i] = rate[i] / raw[i];
	struct bench_measure m = { "pipeline", "pipeline", "mentions/s", 0, 0, bench_median(ratio, n), run->runs };
	m.value = bench_median(rate, n);
	m.baseline = bench_median(raw, n);
	bench_print(run, &m);
	m = (struct bench_measure){ "pipeline", "detector_cpu", "us/mention", bench_median(cpu, n), NAN, NAN, run->runs };
	bench_print(run, &m);
	m = (struct bench_measure){ "pipeline", "redis_memory", "B/mention", bench_median(bytes, n), NAN, NAN, run->runs };
	bench_print(run, &m);
	m = (struct bench_measure){ "pipeline", "rss", "MB", (double)proc_rss_bytes() / 1e6, NAN, NAN, 1 };
	bench_print(run, &m);
}

static enum outcome measure(struct pipeline_bench *b, const struct bench_run *run, struct err *e)
{
	double raw[64], rate[64], cpu[64], bytes[64];
	enum outcome done = OK;
	for (int i = 0; i < run->runs && i < 64 && done == OK; i++) {
		struct pipeline_result result;
		make_posts(b, (uint32_t)i + 1);
		done = run_raw(b, &raw[i], e);
		if (done == OK)
			done = run_pipeline(b, &result, e);
		rate[i] = result.per_second;
		cpu[i] = result.cpu_us;
		bytes[i] = result.bytes_a_mention;
	}
	if (done == OK)
		tell(run, raw, rate, cpu, bytes);
	return done;
}

enum outcome bench_pipeline(const struct bench_run *run, struct err *e)
{
	struct pipeline_bench b = { 0 };
	struct thresholds thresholds;
	arena_init(&b.posts.arena, 512u << 20);
	arena_init(&b.batch, LIMIT_ARENA_BYTES);
	thresholds_default(&thresholds);
	enum outcome done = embedded_start_private(&b.server, e);
	if (done == OK)
		done = load_rules(&b, run->settings, e);
	if (done == OK)
		done = embedded_connect(&b.server, &b.redis, e);
	if (done == OK) {
		detector_init(&b.detector, b.redis, b.book, run->settings, &thresholds);
		done = measure(&b, run, e);
		detector_release(&b.detector);
	}
	redis_free(b.redis);
	embedded_stop(&b.server);
	rulebook_free(b.book);
	arena_release(&b.batch);
	arena_release(&b.posts.arena);
	return done;
}

/* The pages of bench "crawl": threads and feeds with posts in both languages, some of which name a brand. */
#include "cli/bench_crawl_pages.h"

#include "common/base/buf.h"

#define PAGE_BYTES 16384
#define NAMED_EVERY 8 /* posts */
#define NEAR_MISS 4 /* of these, the one that names something else */
#define COUNT(list) (sizeof(list) / sizeof(*(list)))

const char bench_pages_brands[] =
	"[brand bench-skylark]\nname = 云雀\nname_en = Skylark\naliases = 云雀电动车, 云雀EV, Skylark EV, @SkylarkEV\n"
	"exclude = 云雀电动车友会\n"
	"[brand bench-nimbus]\nname = 雨云\nname_en = Nimbus\naliases = 雨云手机, Nimbus Phone, NimbusOS\n"
	"[brand bench-millet]\nname = 粟米\nname_en = Millet\naliases = ~粟米, 粟米科技, Millet Mobile\n"
	"context = 刷机, 门店, handset\nagainst = 熬粥, 五谷, porridge\n"
	"[brand bench-harbor]\nname = 海港\nname_en = Harbor\naliases = 海港银行, Harbor Bank, =HARBOR\n"
	"[brand bench-teal]\nname = 青鸭\nname_en = Teal\naliases = 青鸭外卖, TealEats\n";

static const char *const sentences[] = {
	"昨天刚收到的车，骑了两公里就自动断电，客服一直让我等，真的很失望。",
	"The battery died after two days and support keeps telling me to wait another week for the parts.",
	"有没有人和我一样，续航只有宣传的一半？要求退款，不想再修了。",
	"I like how it rides, but the brakes squeak and nobody at the shop knows what to do about it.",
	"同问，我的也是，充电口接触不良，已经投诉到平台了。",
	"Mine arrived with a scratched frame. They offered ten percent off, which I refused.",
};

/* Each names one brand, Chinese and English in turns; disguised ones among them. */
static const char *const named[] = {
	"云雀电动车的电池又出问题了，谁来管管？",
	"My Skylark EV has been in the workshop for a month.",
	"雨云手机充电发热，换了充电器也没用。",
	"NimbusOS froze again after the update.",
	"粟米科技的客服说已经寄出了。",
	"Harbor Bank charged me twice for the same order.",
	"青鸭 外卖送来的汤全洒了。",
	"TealEats cancelled my order and kept the money.",
	"海港銀行的App一直登不上去。",
	"Is anybody else's Sky1ark EV losing range?",
};

/* None of these names one. */
static const char *const near_misses[] = {
	"周末和云雀电动车友会的朋友去山里骑车。",
	"A skylark sang above the field all morning.",
	"早上用粟米熬粥，加一点五谷。",
	"The boats in the harbor were all back before the storm.",
};

/* The sentence of a post that may name a brand; "" for most. */
static const char *naming(size_t number, size_t i, size_t *mentions)
{
	const size_t post = number * BENCH_POSTS + i;
	if (post % NAMED_EVERY == 0) {
		++*mentions;
		return named[post / NAMED_EVERY % COUNT(named)];
	}
	return post % NAMED_EVERY == NEAR_MISS ? near_misses[post / NAMED_EVERY % COUNT(near_misses)] : "";
}

struct made_post {
	size_t number, i, rider, day;
	const char *first, *second, *naming;
};

static struct made_post make_post(size_t number, size_t i, size_t *mentions)
{
	return (struct made_post){
		.number = number,
		.i = i,
		.rider = (number * 7 + i * 13) % 500,
		.day = 1 + number % 28,
		.first = sentences[(number + i) % COUNT(sentences)],
		.second = sentences[(number + i * 5 + 3) % COUNT(sentences)],
		.naming = naming(number, i, mentions),
	};
}

static void write_thread(struct buf *out, size_t number, size_t *mentions)
{
	buf_addf(out,
		"<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>车主论坛 - thread %zu</title></head>\n<body><div "
		"id=\"nav\"><a href=\"/\">首页</a> <a href=\"/forum\">Forum</a></div><h1>自动断电 and range, part %zu</h1>\n"
		"<div id=\"posts\">\n",
		number, number);
	for (size_t i = 0; i < BENCH_POSTS; i++) {
		const struct made_post p = make_post(number, i, mentions);
		buf_addf(out,
			"<div class=\"post\" id=\"post-%zu-%zu\"><div class=\"head\"><a class=\"author\" "
			"href=\"/user/%zu\">rider%zu</a> <time datetime=\"2024-05-%02zuT10:%02zu:00+08:00\">2024-05-%02zu "
			"10:%02zu</time> <span class=\"floor\">#%zu</span></div>\n<div "
			"class=\"body\"><p>%s</p><p>%s%s</p></div></div>\n",
			p.number, p.i, p.rider, p.rider, p.day, p.i, p.day, p.i, p.i + 1, p.first, p.second, p.naming);
	}
	buf_addz(out, "</div><div id=\"foot\"><a href=\"?page=2\">下一页</a> All rights reserved.</div></body></html>\n");
}

static void write_feed(struct buf *out, size_t number, size_t *mentions)
{
	buf_addf(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" "
		"xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n<channel>\n<title>车主论坛 - board %zu</title>\n"
		"<link>http://forum.example.com/board/%zu</link>\n<description>自动断电 and range</description>\n"
		"<language>zh-cn</language>\n<ttl>10</ttl>\n",
		number, number);
	for (size_t i = 0; i < BENCH_POSTS; i++) {
		const struct made_post p = make_post(number, i, mentions);
		buf_addf(out,
			"<item>\n<title>自动断电 and range, part "
			"%zu</title>\n<link>http://forum.example.com/t/%zu#post-%zu</link>\n"
			"<guid isPermaLink=\"false\">post-%zu-%zu</guid>\n<dc:creator>rider%zu</dc:creator>\n"
			"<pubDate>%02zu May 2024 10:%02zu:00 +0800</pubDate>\n<category>电动车</category>\n"
			"<description>&lt;p&gt;%s&lt;/p&gt;&lt;p&gt;%s%s&lt;/p&gt;</description>\n</item>\n",
			p.i, p.number, p.i, p.number, p.i, p.rider, p.day, p.i, p.first, p.second, p.naming);
	}
	buf_addz(out, "</channel>\n</rss>\n");
}

struct bench_page bench_page_make(struct arena *a, size_t number)
{
	const bool is_feed = bench_page_is_feed(number);
	struct bench_page page = { .type = is_feed ? "application/rss+xml; charset=utf-8" : "text/html; charset=utf-8" };
	struct buf out;
	buf_init(&out, PAGE_BYTES);
	(is_feed ? write_feed : write_thread)(&out, number, &page.mentions);
	page.bytes = arena_copy(a, buf_str(&out));
	buf_release(&out);
	return page;
}

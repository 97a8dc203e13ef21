/* Every cap of earshot, in one list. A buffer, a count or a wait that is not bounded by a row here is a bug.
 * Sizes are bytes, times are milliseconds, unless the name says otherwise. */
#ifndef EARSHOT_LIMITS_H
#define EARSHOT_LIMITS_H

/* fetching */
#define LIMIT_BODY_BYTES (8u << 20) /* decoded bytes of one response; counted after gzip/br/zstd */
#define LIMIT_BODY_RATIO 200 /* decoded : wire bytes, once more than LIMIT_BODY_RATIO_FROM arrived */
#define LIMIT_BODY_RATIO_FROM (1u << 20)
#define LIMIT_PACKINGS 5 /* of one response, one over the other */
#define LIMIT_HEADER_BYTES (64u << 10) /* all response headers of one transfer, redirects included */
#define LIMIT_REDIRECTS 5
#define LIMIT_CONNECT_MS 10000
#define LIMIT_FETCH_MS 30000 /* whole transfer */
#define LIMIT_URL_BYTES 4096
#define LIMIT_VALIDATOR_BYTES 1024 /* a longer ETag is not sent back: servers refuse large request headers */
#define LIMIT_IDLE_MS 60000 /* for so long a connection may wait for the next request */
#define LIMIT_SLOW_BYTES                                                                                                         \
	1024 /* of a body, a second; slower than this for LIMIT_SLOW_MS, headers included, is a stalled server … */
#define LIMIT_SLOW_MS 10000 /* … but not before this: some forums think long before their first byte */
#define LIMIT_TRANSFERS 4000 /* in flight in one crawler, as far as its descriptors allow */
#define LIMIT_MULTI_TRANSFERS 500 /* of them in one handle of libcurl, whose costs a request grow with them */
#define LIMIT_DRAIN_MS 5000 /* a crawler that is told to stop waits so long for transfers under way; less than a lease */
#define LIMIT_HOST_DELAY_MS 1000 /* default pause between two requests to one host, from the end of the fetch */
#define LIMIT_POLL_HINT_MS                                                                                                       \
	3600000ll /* most that ttl, Cache-Control and Expires slow a source down: many servers say a day to all */
#define LIMIT_POLL_BACKOFF_MS 3600000ll /* between two polls of a source that fails, unless it is asked less often anyway */
#define LIMIT_FOUND_MS (7ll * 24 * 3600 * 1000) /* how long a source that found a mention is one of its brand's */
#define LIMIT_FOUND_SOURCES 200 /* of a brand in one shard: those that found the latest */
#define LIMIT_FOUND_BRANDS 64 /* that one visit is remembered for */
#define LIMIT_BOOST_BRANDS 200 /* in alert at one time that sources are asked more often for; one byte tells which */
#define LIMIT_BOOST_LOOK_MS 5000 /* how often a crawler asks which brands are in alert */
#define LIMIT_BOOST_SOURCES 256 /* whose due times one turn brings forward; the next turn goes on */
#define LIMIT_POLITE_MS 30000 /* longest pause because a host is slow */
#define LIMIT_HOST_BACKOFF_MS (15 * 60 * 1000) /* longest time for which a host is shut after failures */
#define LIMIT_ROUND_PAGES 256 /* answers that are handled together: a few round trips to Redis serve them all */
#define LIMIT_ROUND_BYTES (8u << 20) /* of their pages as parsed, before another one is added */
#define LIMIT_ROUND_MS 400 /* longest wait for more of them, while others are under way */
#define LIMIT_ROUND_STARTS 500 /* requests that one turn lets go; the next turn follows at once */
#define LIMIT_RETRY_AFTER_MS (48ull * 3600 * 1000)
#define LIMIT_ROBOTS_BYTES 512000u /* of a robots.txt (RFC 9309 2.5: 500 KiB at least); the rest is not read */
#define LIMIT_ROBOTS_LINE_BYTES 16663 /* of one of its lines, as Google's parser has it */
#define LIMIT_ROBOTS_SITEMAPS 1000 /* of one robots.txt */
#define LIMIT_ROBOTS_DELAY_MS (300 * 1000) /* longest Crawl-delay that is kept to */
#define LIMIT_ROBOTS_AGE_MS (24ll * 3600 * 1000) /* then it is asked for again (RFC 9309 2.4) … */
#define LIMIT_ROBOTS_YOUNG_MS (10 * 60 * 1000) /* … and not before, whatever Cache-Control says */
#define LIMIT_ROBOTS_GOOD_MS (30ll * 24 * 3600 * 1000) /* how long the last good one holds while it cannot be read */
#define LIMIT_ROBOTS_RETRY_MS (3600 * 1000) /* longest pause between two attempts to read it */
#define LIMIT_ROBOTS_REFUSED_MS (3600 * 1000) /* how often a disallowed source is looked at again, without a request */
#define LIMIT_ROBOTS_KNOWN_BYTES (16u << 20) /* of rules that one crawler remembers; Redis has them, too */

/* parsing */
#define LIMIT_PARSE_CPU_MS 1000 /* for one document; the caps below keep real and hostile ones under a third of it here */
#define LIMIT_MATCH_CPU_MS 1000 /* for the posts of one document; what is left is read at the next visit */
#define LIMIT_FEED_ENTRIES 5000
#define LIMIT_FEED_BYTES (64u << 20) /* of the arena that one feed may fill; what comes behind is left out */
#define LIMIT_JSON_DEPTH 128
#define LIMIT_JSON_VALUES 600000 /* of one document: cJSON takes 80 bytes and .4 us for each, however short it is written */
#define LIMIT_RECIPE_BYTES (16u << 20) /* of the arena that reading one page with a recipe may take, the parsed page apart */
#define LIMIT_RECIPE_NODES 10000000 /* of its tree that the selectors of a recipe may pass on one page */
#define LIMIT_RECIPE_ITEMS 1000 /* of one page */
#define LIMIT_RECIPE_VALUE_BYTES (256u << 10) /* of one value of a field on its way through filters */
#define LIMIT_RECIPE_WAYS 16 /* alternatives of one field */
#define LIMIT_RECIPE_FILTERS 16 /* of one alternative */
#define LIMIT_RECIPE_PAGES 50 /* of one list, one after the other */
#define LIMIT_THREAD_PAGES 2000 /* of one thread, one after the other */
#define LIMIT_THREAD_BURST 20 /* of them; then it waits for its interval */
#define LIMIT_TRAP_DEPTH 20 /* folders in the address of a next page, unless the source's own has as many */
#define LIMIT_TRAP_GROWTH_BYTES 2048 /* that such an address may be longer than the source's own; cursors of APIs are long */
#define LIMIT_XML_DEPTH 256
#define LIMIT_BAD_BYTES (512u << 10) /* places without a meaning in the encoding of a document; what is behind so many is cut */
#define LIMIT_DATE_STARTS 4000 /* places of one text where a date is looked for */
#define LIMIT_DATE_READINGS 1000 /* slices of one text that are read as a date; pages that we saw need fewer than 100 */
#define LIMIT_XML_ATTRIBUTES 256 /* per tag; further ones are left out */
#define LIMIT_ENGINES 100 /* forum engines and their layouts */
#define LIMIT_ENGINES_BYTES (4u << 20) /* all engine rules, compiled */
#define LIMIT_ENGINE_WAYS 8 /* in which one field of an engine rule is looked for */
#define LIMIT_ENGINE_CLIMBS                                                                                                      \
	1000000 /* ancestors that engine rules may ask about on one page; the most of 837 real pages is 20,000 */
#define LIMIT_ENGINES_TRIED 8 /* on one page; real ones bear the marks of three at most */
#define LIMIT_ENGINE_TRIES 8 /* elements of one post that are looked at for one way */
#define LIMIT_EXTRACT_POSTS 5000 /* of one page */
#define LIMIT_PUBLISHED_TEXTS                                                                                                    \
	10000 /* pieces of one page that are searched for the date of publication; the most of 837 real pages is 3,300 */
#define LIMIT_ARTICLE_DATES                                                                                                      \
	1000 /* lines of an article that are asked whether they are a date alone; the most of 837 real pages is 200 */
#define LIMIT_RECORDS_GROUPS 96 /* groups of alike nodes that are tried, the ones with the most text first */
#define LIMIT_RECORDS_MEMBERS 5000 /* of one group; a page of more is no thread */
#define LIMIT_RECORDS_SETS 3 /* of records that are looked at: teasers and the thread may stand side by side */
#define LIMIT_RECORDS_PLACES 512 /* at which dates or users of one page stand; half of them are used */
#define LIMIT_RECORDS_FIELD_PLACES 4096 /* looked at for one field of the records; half of them are used */
#define LIMIT_RECORDS_SHAPES 4096 /* of short texts that are remembered as dates or none; half of them are used */
#define LIMIT_RECORDS_CLASSES 4096 /* distinct class attributes remembered (a page has some hundreds); half of them are used */
#define LIMIT_RECORDS_HREF_BYTES 400 /* longer addresses are nobody's profile */
#define LIMIT_JSONLD_SCRIPTS 500 /* of one page */
#define LIMIT_JSONLD_DEPTH 24 /* objects in objects that are looked into */
#define LIMIT_JSONLD_OBJECTS 4000 /* of one document that are looked at */
#define LIMIT_SELECT_SIBLINGS 1000 /* looked at to find out which child an element is */
#define LIMIT_HTML_BYTES (2u << 20) /* of a page in UTF-8 that is read as a tree */
#define LIMIT_HTML_NODES 100000 /* further ones are left out */
#define LIMIT_HTML_TREE_BYTES (48u << 20) /* memory that the exact builder may take for one page */
#define LIMIT_HTML_DEPTH 512 /* what is deeper hangs at this depth, as in browsers */
#define LIMIT_DISCOVER_FEEDS 32 /* that one page names */
#define LIMIT_DISCOVER_TRIES 3 /* of them that `earshot source add` asks for, one after the other */
#define LIMIT_OPML_BYTES (4u << 20) /* of a subscription list */
#define LIMIT_OPML_FEEDS 8192 /* of one; a power of two */
#define LIMIT_OPML_NAME_BYTES 200 /* of a title or folder; what is behind is cut */
#define LIMIT_FEEDS_FILES 1000 /* files with sources */
#define LIMIT_FEEDS_BYTES (512u << 20) /* of memory while they are read */
#define LIMIT_SOURCES_BYTES (256u << 20) /* all sources, as they stay */
#define LIMIT_CONF_BYTES (4u << 20)
#define LIMIT_CONF_PROBLEMS 200 /* reported, then "and N more" */

/* posts */
#define LIMIT_TITLE_BYTES (4u << 10)
#define LIMIT_TEXT_BYTES (64u << 10)
#define LIMIT_FIELD_BYTES 1024 /* author, native id, region, version … */
#define LIMIT_STREAM_ENTRY_BYTES (256u << 10)
#define LIMIT_FUTURE_MS (10ull * 60 * 1000) /* posts dated further ahead count at fetched_ms */
#define LIMIT_JSONL_BYTES (1u << 20) /* one line of replay, import and batch input */

/* files and pushed posts */
#define LIMIT_IMPORT_BYTES (256u << 20) /* a CSV file or mailbox; JSONL is read line by line and may be of any size */
#define LIMIT_IMPORT_JSON_BYTES (32u << 20) /* one JSON array */
#define LIMIT_IMAP_MESSAGES 100 /* of a mailbox in one look; the next look follows at once */
#define LIMIT_IMAP_LINE_BYTES (1u << 20) /* of a mail server, messages apart */
#define LIMIT_IMAP_TALK_MS 120000 /* one look */
#define LIMIT_MAIL_BYTES (2u << 20) /* of one message; the rest is not read */
#define LIMIT_TABLE_COLUMNS 256 /* of a row; further cells are dropped */
#define LIMIT_CELL_BYTES (256u << 10) /* of a quoted cell; a quotation mark without an end so far is just one */
#define LIMIT_MAIL_PARTS 64 /* looked at in one message */
#define LIMIT_MAIL_DEPTH 8 /* parts in parts */
#define LIMIT_PUSH_BYTES (2u << 20) /* body of one webhook request */
#define LIMIT_PUSH_POSTS 1000 /* in one webhook request */
#define LIMIT_PUSH_WINDOW_MS (5 * 60 * 1000) /* a signature older or younger than that is refused */
#define LIMIT_PUSH_KEEP_MS (15 * 60 * 1000) /* how long a request that is in its streams stays on disk */
#define LIMIT_WEBSUB_ASKS 8 /* requests to hubs under way, one a hub */
#define LIMIT_WEBSUB_ASK_MS 10000 /* one of them: a source on the same host waits meanwhile */
#define LIMIT_WEBSUB_HUBS 64 /* hubs whose pauses one crawler remembers */
#define LIMIT_WEBSUB_LEAVES 256 /* subscriptions waiting to be given up; the leases of further ones run out */
#define LIMIT_WEBSUB_LEASE_MS                                                                                                    \
	(14ll * 24 * 3600 * 1000) /* longest that is believed: one that was forgotten shows when it is renewed */
#define LIMIT_WEBSUB_ANSWER_BYTES (16u << 10) /* of a hub's answer: a sentence */
#define LIMIT_WEBSUB_HEADERS_BYTES (16u << 10) /* of Link headers that are looked at */
#define LIMIT_WEBSUB_HEAD_BYTES (256u << 10) /* of a page, where it may name its hub */
#define LIMIT_PUSH_WAITING 20000 /* requests on disk above which new ones are told to come later */

/* text and rules */
#define LIMIT_RULES 200000
#define LIMIT_TERM_BYTES 256
#define LIMIT_BRANDS 1000
#define LIMIT_ALIASES 200 /* per brand */
#define LIMIT_MATCHES 2048 /* per text; further ones are dropped and counted */
#define LIMIT_RULEBOOK_BYTES (64u << 20) /* all files of one rulebook; a published one is one argument list */
#define LIMIT_RULEBOOK_FILES 1000
#define LIMIT_RULEBOOK_HISTORY 100 /* publications, roll-backs … that are remembered; functions_rulebooks.lua says it, too */
#define LIMIT_RULEBOOK_LOOK_MS 100 /* how often a worker asks which rulebook is published */
#define LIMIT_RULEBOOK_POLL_MS 2000 /* how often it looks whether local rule files changed */
#define LIMIT_PERSON_BYTES 128 /* name of a publisher or approver */
#define LIMIT_NOTE_BYTES 1000
#define LIMIT_LEAVES 8192 /* hits of query terms per text */
#define LIMIT_LOOKS 200000 /* close looks of the matcher per text */
#define LIMIT_DOUBTS 500 /* hits per text that a dictionary has to be asked about; further ones are not believed */
#define LIMIT_BRAND_ID 32
#define LIMIT_QUERIES 20000
#define LIMIT_QUERY_MACROS 2000
#define LIMIT_QUERY_BYTES (32u << 10) /* of one query as written */
#define LIMIT_QUERY_NODES 2000 /* of one query with its macros written out */
#define LIMIT_QUERY_DEPTH 24 /* parentheses in parentheses, macros included */
#define LIMIT_QUERY_NEAR 100 /* tokens */
#define LIMIT_REGEX_BYTES 512
#define LIMIT_REGEX_DEPTH 8 /* groups in groups */
#define LIMIT_REGEX_REPEAT 200 /* largest number in {m,n} */
#define LIMIT_REGEX_WAYS 20000 /* in which one start of a match can go, by the shape of the expression */
#define LIMIT_REGEX_WINDOW 2048 /* bytes on each side of the literal by which an expression was found */
#define LIMIT_REGEX_SUBJECT (8u << 10) /* bytes looked at when the literal is not its own */
#define LIMIT_REGEX_SPOTS 64 /* matches of one expression in one post */
#define LIMIT_REGEX_POST_US 20000 /* CPU time of all expressions on one post */
#define LIMIT_REGEX_RULE_US 2000 /* CPU time of one expression on one post; beyond it has a strike */
#define LIMIT_REGEX_STRIKES 5 /* then it is not run any more */
#define LIMIT_FEATURES (1u << 18) /* of one text, as the trained model sees it: as many as it has rows */
#define LIMIT_STANCE_TOKENS 1000 /* words, ideographs and signs of one text that the model for two brands sees */
#define LIMIT_LABELS_BYTES (256u << 20) /* one table of labelled texts */
#define LIMIT_STANCE_TEXTS 400000u /* that the model for two brands is learnt from: 24 KB each while it learns */
#define LIMIT_CORRECTIONS 20000 /* of a brand; a few hundred bytes each */
#define LIMIT_PROTECTED_POSTS 5000 /* that a new model must not judge worse */
#define LIMIT_MODEL_BYTES (16u << 20) /* one trained model */
#define LIMIT_RULEBOOK_MODELS 8 /* model files in one rulebook */
#define LIMIT_TRAIN_TEXTS (1u << 19) /* that one model is trained from; further ones are left out */
#define VERDICT_REASONS_WRITTEN 6 /* strongest reasons kept in a mention record; `earshot try` shows all */

/* batches and streams */
#define LIMIT_BATCH 256 /* posts a commit */
#define LIMIT_DELIVERIES_OF_ENTRY 3 /* stream deliveries before an entry goes to the dead list */
#define LIMIT_STREAM_BACKLOG 50000 /* unread entries of a brand above which its sources are slowed */
#define LIMIT_SEEN_PER_SOURCE 5000
#define LIMIT_UNSENT_BYTES (1u << 20) /* of stream entries that wait in memory for the end of a round */
#define LIMIT_ARENA_BYTES (64u << 20) /* one batch; running out is a bug and aborts with numbers */

/* stories */
#define LIMIT_STORIES 32768 /* texts of a brand that copies are told by; 430 bytes each */
#define LIMIT_STORIES_HELD (1u << 20) /* of all brands of one detector, which share them equally */
#define LIMIT_STORIES_RECALLED 4096 /* newest mentions of a brand that they are taken from when it changes hands, or at a start */
#define LIMIT_STORY_MEMBERS 1000 /* sources, and authors, of a story that are told apart; functions_stories.lua says it, too */
#define LIMIT_STORY_WINDOW_MS (7ll * 24 * 3600 * 1000) /* behind its newest copy a story is over */

/* integrity */
#define LIMIT_INTEGRITY_MENTIONS 4000 /* newest of a window that are looked at together; the answer says when there were more */
#define LIMIT_INTEGRITY_TEXT_BYTES 1200 /* of each text: four hundred ideographs */

/* archive */
#define LIMIT_SEGMENT_BLOCK_BYTES (256u << 10) /* unpacked; a block is written when it is so large … */
#define LIMIT_SEGMENT_BLOCK_MS 1000 /* … or its first record is so old: what a killed writer loses */
#define LIMIT_SEGMENT_PLAIN_BYTES (4u << 20) /* most a block may unpack to; waits in memory while the disk is full */
#define LIMIT_SEGMENT_BYTES (64u << 20) /* then a new segment: retention deletes whole ones */
#define LIMIT_ARCHIVE_SEEN 16777216 /* posts whose repeats are noticed in one reading; further ones are given as they are */

/* redis */
#define LIMIT_REDIS_CONNECT_MS 2000
#define LIMIT_REDIS_COMMAND_MS 15000
#define LIMIT_REDIS_QUIET_MS 500 /* an answer that takes longer holds up what else a worker serves */
#define LIMIT_REDIS_BACKOFF_MS 3000 /* longest pause between two attempts to connect */
#define LIMIT_LEASE_MS 7000 /* with the look of whoever takes over, and its first fetch, under ten seconds */
#define LIMIT_LEASE_LOOK_MS 1000 /* how often leases are renewed, and those of others looked at */
#define LIMIT_HEARTBEAT_MS 2000
#define LIMIT_SHARE_MS 500 /* how often a worker looks after its leases while it has fewer or more than its share */
#define LIMIT_SHARE_LEFT_MS 1500 /* so long a free lease is left to those who have fewer than their share */
#define LIMIT_SHARE_STAYS 8 /* looks for which one that nobody came for is kept: until the dead are not counted any more */

/* alerts */
#define LIMIT_ALERT_BYTES (32u << 10)
#define LIMIT_ATTEMPTS 10 /* deliveries of one alert to one target before the dead-letter list */
#define LIMIT_BACKOFF_MS 300000
#define LIMIT_TARGETS 200
#define LIMIT_ROUTES 1000
#define LIMIT_DELIVERIES 32 /* in flight in one notifier */
#define LIMIT_DELIVERY_MS 10000 /* one request to a target */
#define LIMIT_ANSWER_BYTES (256u << 10) /* what a target may answer */

#define EARSHOT_SHARDS 64 /* source shards {s00}…{s63}; fixed at compile time, never changed after release */

#endif

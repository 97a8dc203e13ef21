/* An alert as JSON and back: what the outbox holds between detector and notifier. */
#include "common/store/incident_fields.h"
#include "common/store/outbox.h"

#include "common/base/names.h"

static void excerpt_write(struct buf *out, const struct excerpt *x)
{
	buf_json_comma(out);
	buf_addc(out, '{');
	buf_json_str(out, "post_id", x->post_id);
	buf_json_opt(out, "title", x->title);
	buf_json_str(out, "text", x->text);
	buf_json_opt(out, "url", x->url);
	buf_json_opt(out, "family", x->family);
	buf_json_opt(out, "lang", x->lang);
	buf_json_double(out, "sentiment", x->sentiment, 4);
	buf_json_int(out, "posted_ms", x->posted_ms);
	buf_addc(out, '}');
}

static void integrity_write(struct buf *out, const struct alert_integrity *i)
{
	if (i->word.n == 0)
		return;
	buf_json_key(out, "integrity");
	buf_addc(out, '{');
	buf_json_str(out, "word", i->word);
	buf_json_double(out, "estimate", i->estimate, 3);
	buf_json_int(out, "posts", i->posts);
	buf_json_int(out, "coordinated", i->coordinated);
	buf_addc(out, '}');
}

void alert_write(struct buf *out, const struct alert *alert)
{
	buf_addc(out, '{');
	buf_json_str(out, "event_id", alert->event_id);
	buf_json_str(out, "brand", alert->brand);
	buf_json_str(out, "brand_name", alert->brand_name);
	buf_json_opt(out, "brand_name_en", alert->brand_name_en);
	buf_json_str(out, "from", str_of(incident_state_names[alert->from]));
	buf_json_str(out, "event", str_of(incident_event_names[alert->event]));
	buf_json_double(out, "negative_share", alert->negative_share, 4);
	buf_json_double(out, "usual_negative_share", alert->usual_negative_share, 4);
	integrity_write(out, &alert->integrity);
	buf_json_opt(out, "rulebook", alert->rulebook);
	buf_json_int(out, "at_ms", alert->at_ms);
	buf_json_bool(out, "drill", alert->drill);
	buf_json_key(out, "incident");
	buf_addc(out, '{');
	incident_fields_write(out, &alert->incident);
	buf_addc(out, '}');
	buf_json_key(out, "excerpts");
	buf_addc(out, '[');
	for (size_t i = 0; i < alert->nexcerpts && i < INCIDENT_EXCERPTS; i++)
		excerpt_write(out, &alert->excerpt[i]);
	buf_addz(out, "]}");
}

static struct excerpt excerpt_parse(struct arena *a, const struct json *v)
{
	return (struct excerpt){
		.post_id = json_copy_of(a, v, "post_id"),
		.title = json_copy_of(a, v, "title"),
		.text = json_copy_of(a, v, "text"),
		.url = json_copy_of(a, v, "url"),
		.family = json_copy_of(a, v, "family"),
		.lang = json_copy_of(a, v, "lang"),
		.sentiment = json_double(json_get(v, "sentiment"), 0),
		.posted_ms = json_i64_of(v, "posted_ms", -1),
	};
}

static struct alert_integrity integrity_parse(struct arena *a, const struct json *v)
{
	return (struct alert_integrity){
		.word = json_copy_of(a, v, "word"),
		.estimate = json_double(json_get(v, "estimate"), 0),
		.posts = json_i64_of(v, "posts", 0),
		.coordinated = json_i64_of(v, "coordinated", 0),
	};
}

static enum outcome read_alert(struct arena *a, const struct json *doc, struct alert *out, struct err *e)
{
	int from = names_index(incident_state_names, INC__N, json_str_of(doc, "from"));
	int event = names_index(incident_event_names, EVT__N, json_str_of(doc, "event"));
	*out = (struct alert){
		.event_id = json_copy_of(a, doc, "event_id"),
		.brand = json_copy_of(a, doc, "brand"),
		.brand_name = json_copy_of(a, doc, "brand_name"),
		.brand_name_en = json_copy_of(a, doc, "brand_name_en"),
		.negative_share = json_double(json_get(doc, "negative_share"), -1),
		.usual_negative_share = json_double(json_get(doc, "usual_negative_share"), -1),
		.integrity = integrity_parse(a, json_get(doc, "integrity")),
		.rulebook = json_copy_of(a, doc, "rulebook"),
		.at_ms = json_i64_of(doc, "at_ms", 0),
		.drill = json_bool(json_get(doc, "drill"), false),
	};
	if (out->event_id.n == 0 || from < 0 || event < 0)
		return err_set(
			e, REJECT, "alert \"%.*s\": event_id, from and event must be there and known", STR_FMT(out->event_id));
	out->from = (enum incident_state)from;
	out->event = (enum incident_event)event;
	incident_fields_parse(json_get(doc, "incident"), &out->incident);
	const struct json *list = json_get(doc, "excerpts");
	for (const struct json *v = json_first(list); v && out->nexcerpts < INCIDENT_EXCERPTS; v = json_next(v))
		out->excerpt[out->nexcerpts++] = excerpt_parse(a, v);
	return OK;
}

enum outcome alert_parse(struct arena *a, struct str json, struct alert *out, struct err *e)
{
	struct json *doc = json_parse(json, e);
	if (!doc)
		return REJECT;
	enum outcome o = read_alert(a, doc, out, e);
	json_free(doc);
	return o;
}

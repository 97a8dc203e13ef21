/* The characters of XML: references decoded, what XML forbids taken out. Private to common/base/xml*.c. */
#ifndef EARSHOT_BASE_XML_TEXT_H
#define EARSHOT_BASE_XML_TEXT_H

#include "common/base/arena.h"
#include "common/base/buf.h"

struct xml_decoder {
	struct buf scratch;
	bool knows_names; /* named characters are no error: a document type stands in front, and RSS 0.91's declares them */
	const char *why; /* the first thing that was wrong; the caller takes it away */
};

void xml_decoder_init(struct xml_decoder *d);
void xml_decoder_release(struct xml_decoder *d);
/* `raw` itself when nothing is to be decoded, else a copy in the arena. */
struct str xml_decode(struct xml_decoder *d, struct arena *a, struct str raw, bool is_cdata);

#endif

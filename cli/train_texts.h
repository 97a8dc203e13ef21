/* The tables of labelled texts that `earshot train` is given, and what they teach: one with a column `nature` or `brand`, or with the
 * column asked for, teaches classes, every other one the mood. */
#ifndef EARSHOT_CLI_TRAIN_TEXTS_H
#define EARSHOT_CLI_TRAIN_TEXTS_H

#include "common/text/rulebook.h"
#include "detector/lessons.h"
#include "detector/train.h"

struct train_texts {
	struct arena bytes; /* of the tables */
	struct train train;
	struct lessons lessons;
	const char *class_column; /* NULL = none */
	bool is_alone; /* without the posts that travel with earshot … */
	bool has_shipped; /* … which are there */
	struct train_table *table;
	size_t ntables;
	size_t ngiven; /* texts of classes in the tables that were given */
};

void train_texts_init(struct train_texts *t, const char *class_column);
void train_texts_release(struct train_texts *t);
/* Reads a table. One kept for measuring teaches nothing; those come first. */
enum outcome train_texts_read(struct train_texts *t, const char *path, bool is_measured, struct err *e) MUST_CHECK;
/* Adds the posts that travel with earshot, where the tables teach classes that verdicts know: what people correct is learnt on top. */
void train_texts_shipped(struct train_texts *t);
/* Brings the texts that teach classes through `book`, whose model must be the one that the classes will live beside. */
enum outcome train_texts_lessons(struct train_texts *t, const struct rulebook *book, struct err *e) MUST_CHECK;

#endif

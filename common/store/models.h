/* Trained models of published rulebooks. A model is some megabytes and most publications change words only, so each is kept once,
 * under the hash of its bytes; a rulebook's record holds the digest where its other files hold their bytes. Only rulebooks.c
 * calls this: a model comes and goes with the rulebooks that use it. */
#ifndef EARSHOT_STORE_MODELS_H
#define EARSHOT_STORE_MODELS_H

#include "common/store/redis.h"
#include <earshot/rulefile.h>

#define MODELS_DIGEST_DIGITS 32

bool models_is_one(struct str file_name); /* NAME.model */
/* What a rulebook's record holds instead of the bytes: 32 hex digits, in `a`. */
struct str models_digest(struct arena *a, struct str bytes);
/* Puts those of `files` that are models; before the rulebook that names them is published. */
enum outcome models_put(struct redis *r, struct arena *a, const struct rulebook_files *files, struct err *e) MUST_CHECK;
/* The digests in `files` become bytes, in `a`. REJECT when Redis has not got one. */
enum outcome models_fill(struct redis *r, struct arena *a, struct rulebook_files *files, struct err *e) MUST_CHECK;
/* "DIGEST DIGEST …" of the models in `files`; "" = none. */
struct str models_list(struct arena *a, const struct rulebook_files *files);
/* Drops those of `list` that are not in `kept`, both as models_list() writes them. */
enum outcome models_drop(struct redis *r, struct arena *a, struct str list, struct str kept, struct err *e) MUST_CHECK;

#endif

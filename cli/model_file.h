/* A trained model as a person names it: none, one that travels with earshot, one of the models folder, or a file. */
#ifndef EARSHOT_CLI_MODEL_FILE_H
#define EARSHOT_CLI_MODEL_FILE_H

#include "cli/command.h"
#include "common/text/weights.h"

#define MODEL_FILE_DIGEST 13 /* 12 hex digits of SHA-256 and NUL: what tells two models of one name apart */

struct model_file {
	struct str name; /* as the file says inside */
	struct str bytes; /* "" = none, or shipped */
	const char *path; /* NULL = none, or shipped */
	struct weights weights; /* borrow from `bytes`; row NULL = none */
	char digest[MODEL_FILE_DIGEST]; /* "" = none */
};

/* DATA/models */
struct str model_file_folder(struct arena *a, const struct settings *s);
/* REJECT: there is none of that name, or it is damaged or made for another version. */
enum outcome model_file_find(
	struct arena *a, const struct settings *s, const char *word, struct model_file *out, struct err *e) MUST_CHECK;
/* A file, whatever it is called. */
enum outcome model_file_load(struct arena *a, const char *path, struct model_file *out, struct err *e) MUST_CHECK;
void model_file_digest(struct str bytes, char out[MODEL_FILE_DIGEST]);

#endif

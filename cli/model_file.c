/* A trained model as a person names it. */
#include "cli/model_file.h"

#include "common/base/crypto.h"
#include "common/base/file.h"
#include <earshot/limits.h>

#include <string.h>

#define NO_MODEL "none"

struct str model_file_folder(struct arena *a, const struct settings *s)
{
	return file_join(a, s->data, STR("models"));
}

void model_file_digest(struct str bytes, char out[MODEL_FILE_DIGEST])
{
	const struct sha256 hash = crypto_sha256(bytes);
	crypto_hex(hash.byte, (MODEL_FILE_DIGEST - 1) / 2, out);
}

enum outcome model_file_load(struct arena *a, const char *path, struct model_file *out, struct err *e)
{
	*out = (struct model_file){ .path = path };
	enum outcome done = file_read(a, path, LIMIT_MODEL_BYTES, &out->bytes, e);
	if (done == OK)
		done = weights_parse(out->bytes, path, &out->weights, e);
	if (done != OK)
		return done;
	out->name = str_of(out->weights.name);
	model_file_digest(out->bytes, out->digest);
	return OK;
}

static void take_shipped(struct arena *a, const struct weights *w, struct model_file *out)
{
	*out = (struct model_file){ .name = str_of(w->name), .weights = *w };
	model_file_digest(weights_render(a, w), out->digest);
}

/* A word that leads to other folders is a path, never a name. */
static bool is_plain(const char *word)
{
	return strchr(word, '/') == NULL && word[0] != '.' && word[0] != '\0';
}

enum outcome model_file_find(struct arena *a, const struct settings *s, const char *word, struct model_file *out, struct err *e)
{
	*out = (struct model_file){ .name = STR(NO_MODEL) };
	if (strcmp(word, NO_MODEL) == 0)
		return OK;
	const struct weights *shipped = weights_shipped(str_of(word));
	if (shipped != NULL) {
		take_shipped(a, shipped, out);
		return OK;
	}
	const struct str folder = model_file_folder(a, s);
	const char *path = arena_printf(a, "%.*s/%s.model", STR_FMT(folder), word).p;
	if (is_plain(word) && file_exists(path))
		return model_file_load(a, path, out, e);
	if (file_exists(word))
		return model_file_load(a, word, out, e);
	return err_set(e, REJECT,
		"there is no model \"%s\": no file of that name, and no %s; earshot model list says what there is", word, path);
}

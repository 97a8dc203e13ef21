/* The model as a layer of its own over the rules. Rules and model change at different times by different hands: `earshot model use`
 * lays two files over what is in force (a scoring.conf that names the model, and the model), `earshot rules publish` keeps that
 * layer over new rules. Both give one rulebook with one version, so that all that holds for rulebooks (atomic, hot, four eyes,
 * way back) holds for models. Only published rulebooks have the layer; folders hold their model as any other file. */
#ifndef EARSHOT_RULES_MODEL_LAYER_H
#define EARSHOT_RULES_MODEL_LAYER_H

#include "common/base/arena.h"
#include <earshot/rulefile.h>

#define MODEL_LAYER 1000 /* its folder number: above all real ones, so it has the last word */

/* False: the model is that of the folders. */
bool model_layer_is_there(const struct rulebook_files *files);
/* `files` without a layer; the list is new, in `a`. */
struct rulebook_files model_layer_off(struct arena *a, const struct rulebook_files *files);
/* `files`, which have none, under a layer of the model `name`; no `bytes`: one that travels with earshot, or "none". */
struct rulebook_files model_layer_on(struct arena *a, const struct rulebook_files *files, struct str name, struct str bytes);
/* `files`, which have none, under the layer of `from`, if that has one. */
struct rulebook_files model_layer_keep(struct arena *a, const struct rulebook_files *files, const struct rulebook_files *from);

/* Is it the same model, or no layer in both? */
bool model_layer_same(const struct rulebook_files *x, const struct rulebook_files *y);
/* The model that the layer names; "" without a layer. */
struct str model_layer_name(const struct rulebook_files *files);

#endif

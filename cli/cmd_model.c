/* earshot model VERB: the table of what can be done with trained models. */
#include "cli/commands.h"

#include "cli/model_commands.h"
#include "cli/verbs.h"

#define MODEL_HELP                                                                                                               \
	"NAME is none (words alone), a model that travels with earshot, one of the models folder (DATA/models/NAME.model, "      \
	"where\n"                                                                                                                \
	"earshot train writes), or the path of a file.\n"

const struct command_row model_rows[] = {
	{ "model list", "[--json]", "the models there are, which one judges, and what rollback would lead to", NULL, model_list },
	{ "model show", "NAME", "what a model file holds, and how it does on the protected posts beside the one in use",
		MODEL_HELP, model_show },
	{ "model use", "NAME --by NAME [--note TEXT] [--approve-by NAME] [--force] [--dry-run]",
		"make a model the one that all workers judge with, without a restart",
		MODEL_HELP
		"The model is published with the rules in force as one rulebook: workers change between two batches. It is\n"
		"refused when the file is damaged or made for another version, or when it judges the protected posts worse than\n"
		"the model in use (--force: all the same). earshot rules publish keeps it over new rules.\n",
		model_use },
	{ "model rollback", "--by NAME [--note TEXT]",
		"go back to the model before this one; rules that were published since stay",
		"A second rollback comes forward again. A model is not measured before one goes back to it.\n", model_rollback },
	{ NULL, NULL, NULL, NULL, NULL },
};

int cmd_model(int argc, char **argv)
{
	return verbs_run(model_rows, "model", argc, argv);
}

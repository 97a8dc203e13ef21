/* The model that travels inside the binary: the bytes of models/earshot.model, as the assembler takes them in. */
#include "common/text/weights.h"

extern const char weights_shipped_bytes[], weights_shipped_end[];
__asm__(".section .rodata\n"
	".balign 16\n"
	".global weights_shipped_bytes\n"
	"weights_shipped_bytes:\n"
	".incbin \"models/earshot.model\"\n"
	".global weights_shipped_end\n"
	"weights_shipped_end:\n"
	".previous\n");

/* Checked once a process: constant afterwards. */
static const struct weights *shipped(void)
{
	static struct weights w;
	struct err e = { 0 };
	if (!w.row) {
		const struct str bytes = { weights_shipped_bytes, (size_t)(weights_shipped_end - weights_shipped_bytes) };
		if (weights_parse(bytes, "models/earshot.model", &w, &e) != OK)
			w.row = NULL;
	}
	return w.row ? &w : NULL;
}

struct str weights_shipped_name(void)
{
	const struct weights *w = shipped();
	return w ? str_of(w->name) : STR("");
}

const struct weights *weights_shipped(struct str name)
{
	const struct weights *w = shipped();
	return w && str_eqc(name, w->name) ? w : NULL;
}

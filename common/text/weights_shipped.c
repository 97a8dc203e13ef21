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
const struct weights *weights_shipped(struct str name)
{
	static struct weights shipped;
	struct err e = { 0 };
	if (!shipped.row) {
		const struct str bytes = { weights_shipped_bytes, (size_t)(weights_shipped_end - weights_shipped_bytes) };
		if (weights_parse(bytes, "models/earshot.model", &shipped, &e) != OK)
			shipped.row = NULL;
	}
	return shipped.row && str_eqc(name, shipped.name) ? &shipped : NULL;
}

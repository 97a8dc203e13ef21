/* The stance model that travels inside the binary: the bytes of models/stance.model, as the assembler takes them in. */
#include "detector/stance_model.h"

extern const char stance_shipped_bytes[], stance_shipped_end[];
__asm__(".section .rodata\n"
	".balign 16\n"
	".global stance_shipped_bytes\n"
	"stance_shipped_bytes:\n"
	".incbin \"models/stance.model\"\n"
	".global stance_shipped_end\n"
	"stance_shipped_end:\n"
	".previous\n");

/* Checked once a process: constant afterwards. */
const struct stance_model *stance_model_shipped(void)
{
	static struct stance_model m;
	struct err e = { 0 };
	if (!m.rows[0]) {
		const struct str bytes = { stance_shipped_bytes, (size_t)(stance_shipped_end - stance_shipped_bytes) };
		if (stance_model_parse(bytes, "models/stance.model", &m, &e) != OK)
			m.rows[0] = NULL;
	}
	return m.rows[0] ? &m : NULL;
}

/* The protected set that travels inside the binary: the bytes of models/protected.tsv, as the assembler takes them in. */
#include "detector/protected.h"

extern const char protected_shipped_bytes[], protected_shipped_end[];
__asm__(".section .rodata\n"
	".global protected_shipped_bytes\n"
	"protected_shipped_bytes:\n"
	".incbin \"models/protected.tsv\"\n"
	".global protected_shipped_end\n"
	"protected_shipped_end:\n"
	".previous\n");

struct str protected_shipped(void)
{
	return (struct str){ protected_shipped_bytes, (size_t)(protected_shipped_end - protected_shipped_bytes) };
}
